import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One file of the repository as the checks see it: a path from the root, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const BINARY = /\.(png|jpe?g|webp|ico|woff2?|ttf|wasm|gz|pdf|docx|xlsx|zip)$/;

/** Everything git tracks or would track, as it lies on disk now. */
export function readTree(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return [...new Set(listed.split('\0'))]
    .filter((path) => path !== '' && !BINARY.test(path))
    .filter((path) => statSync(ROOT + path, { throwIfNoEntry: false })?.isFile() === true)
    .map((path) => ({ path, text: readFileSync(ROOT + path, 'utf8') }));
}

/** Code that is run: the rooms, the scripts, the bench and the tests. */
export const isCode = ({ path }: SourceFile): boolean =>
  /^(src|scripts|bench|tests)\/.*\.(ts|js|cjs|mjs|svelte)$/.test(path);
