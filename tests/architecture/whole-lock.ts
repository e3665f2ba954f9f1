import type { Check } from './house-checks.ts';

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
type Packages = Readonly<Record<string, Locked>>;

/** The folders in which Node looks for what a package asks for: its own first, the project's last. */
function foldersFrom(at: string): string[] {
  const folders = [at];
  let inner = at;
  while (inner.includes('/node_modules/')) {
    inner = inner.slice(0, inner.lastIndexOf('/node_modules/'));
    folders.push(inner);
  }
  return at === '' ? folders : [...folders, ''];
}

const isThere = (packages: Packages, at: string, name: string): boolean =>
  foldersFrom(at).some((folder) => `${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages);

/**
 * `npm install` leaves out of the lock what its registry lacks for other platforms, and says nothing; `npm ci` then fails
 * for everybody. So each package that is asked for must be there, of every platform.
 */
export const lockfileIsWhole: Check = (files) =>
  files
    .filter(({ path }) => path === 'package-lock.json')
    .flatMap(({ text }) => {
      const { packages = {} } = JSON.parse(text) as { packages?: Packages };
      return Object.entries(packages).flatMap(([at, one]) =>
        Object.keys({ ...one.dependencies, ...one.devDependencies, ...one.optionalDependencies })
          .filter((name) => !isThere(packages, at, name))
          .map((name) => `package-lock.json: ${at === '' ? 'the project' : at} asks for ${name}`),
      );
    });
