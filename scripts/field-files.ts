import type { Plugin } from 'vite';
import { homeChunks } from './home-chunks.ts';

const ROOTS =
  /\/src\/(routes\/(\(field\)\/.*\.svelte|shell\/.*|\+(layout|error)\.(svelte|ts))|hooks\.client\.ts)$/;
const ENTRY = /\/client-optimized\/nodes\/\d+\.js$/;
const START = /\/client-optimized\/app\.js$|\/kit\/src\/runtime\/client\/entry\.js$/;

interface ChunkFacts {
  readonly moduleIds: readonly string[];
}

/** Folder of the files that no screen of the field asks for: the service worker leaves it out of what it keeps. */
export const OFFICE_FOLDER = 'office';

/**
 * What is built for browsers is cut along who needs it (home-chunks.ts), and files that only the office's pages, the doors
 * and the gallery load get a folder of their own, so that a phone does not download them to be offline with.
 */
export function fieldFiles(): Plugin {
  const field = new Set<string>();
  const folderOf = ({ moduleIds }: ChunkFacts): string =>
    moduleIds.some((id) => !id.startsWith('\0')) && !moduleIds.some((id) => field.has(id))
      ? `${OFFICE_FOLDER}/`
      : '';
  return {
    name: 'xks-field-files',
    enforce: 'post',
    apply: 'build',
    outputOptions: (options) => {
      // Kit builds for the server first, by the same configuration: what browsers load is named for its hashed folder.
      const forBrowsers = String(options.entryFileNames).startsWith('_app/immutable/');
      if (!forBrowsers) return options;
      return {
        ...options,
        entryFileNames: (chunk: ChunkFacts) => `_app/immutable/${folderOf(chunk)}[name].[hash].js`,
        chunkFileNames: (chunk: ChunkFacts) => `_app/immutable/${folderOf(chunk)}chunks/[hash].js`,
        codeSplitting: { groups: homeChunks() },
      };
    },
    buildEnd() {
      const walk = (id: string): void => {
        if (field.has(id)) return;
        field.add(id);
        const facts = this.getModuleInfo(id);
        for (const next of facts?.importedIds ?? []) walk(next);
        for (const next of facts?.dynamicallyImportedIds ?? []) walk(next);
      };
      const entries = [...this.getModuleIds()];
      for (const id of entries) if (ROOTS.test(id)) walk(id);
      for (const id of entries) {
        // A page's own entry is generated; it is the field's when the page behind it is.
        const page = ENTRY.test(id) && this.getModuleInfo(id)?.importedIds.some((next) => ROOTS.test(next));
        if (page === true || START.test(id)) field.add(id);
      }
    },
  };
}
