import { namedTests } from '../../scripts/capability-rows.ts';
import type { Check } from './house-checks.ts';

/** `path`, or `path › part of a test's name`, in backticks in the last column of a table. */
const REFERENCE = /`((?:src|tests|docs|scripts)\/[^`›]+?)(?: › ([^`]+))?`/g;

const lastCell = (line: string): string => (line.startsWith('|') ? (line.split('|').at(-2) ?? '') : '');

/** Each piece of evidence in docs/security.md is a file that exists, and a test that it holds. */
export const evidenceExists: Check = (files) => {
  const byPath = new Map(files.map(({ path, text }) => [path, text]));
  const claims = (byPath.get('docs/security.md') ?? '')
    .split('\n')
    .flatMap((line) => [...lastCell(line).matchAll(REFERENCE)]);
  return claims.flatMap(([, path = '', name]) => {
    const text = byPath.get(path);
    if (text === undefined) return [`docs/security.md: ${path} does not exist`];
    if (name === undefined || namedTests(path, text).some((test) => test.name.includes(name))) return [];
    return [`docs/security.md: ${path} has no test "${name}"`];
  });
};
