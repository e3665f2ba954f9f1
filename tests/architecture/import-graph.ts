import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"\n]+)\1/g;

/** The modules this text names, as written. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, , source]) => source ?? '');
}

/** A source as written in a file, as a path from the root; null for packages and Kit's own modules. */
export function resolveImport(from: string, source: string): string | null {
  if (source.startsWith('.')) return posix.join(posix.dirname(from), source);
  if (source.startsWith('$lib/')) return `src/lib/${source.slice('$lib/'.length)}`;
  return null;
}

/** Who imports whom among these files; what lies outside them is left out. */
export function importGraph(files: readonly SourceFile[]): Map<string, string[]> {
  const known = new Set(files.map(({ path }) => path));
  return new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text)
        .map((source) => resolveImport(path, source))
        .filter((target): target is string => target !== null && known.has(target)),
    ]),
  );
}

/** Each cycle once, as the files on it; depth first, so a cycle is found at the edge that closes it. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const walk = (file: string): void => {
    const at = path.indexOf(file);
    if (at !== -1) {
      cycles.push([...path.slice(at), file]);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) walk(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) walk(file);
  return cycles;
}
