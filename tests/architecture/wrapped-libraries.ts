import type { Check } from './house-checks.ts';
import { importsOf } from './import-graph.ts';

/** A library that one room may use through one file, so that leaving it costs that file. */
export interface WrappedLibrary {
  readonly library: string;
  readonly room: string;
}

/** Checks that one file wraps the library and that the room's README names it. A library not used yet is in order. */
export const librariesAreWrapped =
  (wrapped: readonly WrappedLibrary[]): Check =>
  (files) =>
    wrapped.flatMap(({ library, room }) => {
      const users = files.filter(
        ({ path, text }) =>
          path.startsWith('src/') &&
          !path.endsWith('.test.ts') &&
          importsOf(text).some((source) => source === library || source.startsWith(`${library}/`)),
      );
      if (users.length === 0) return [];
      const faults = users
        .filter(({ path }) => !path.startsWith(`${room}/`))
        .map(({ path }) => `${path}: ${library} belongs to ${room}`);
      if (users.length > 1)
        faults.push(`${library}: imported by ${users.map(({ path }) => path).join(', ')}; one file wraps it`);
      const readme = files.find(({ path }) => path === `${room}/README.md`)?.text ?? '';
      if (!readme.includes(library)) faults.push(`${room}/README.md: does not name ${library}`);
      return faults;
    });
