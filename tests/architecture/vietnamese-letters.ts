import ts from 'typescript';
import type { Check } from './house-checks.ts';
import { isCode } from './source-files.ts';

/** Letters that only Vietnamese text would bring into this code: Latin letters beyond ASCII. */
const LETTER = /[À-ÖØ-öø-ỹ]/u;

/** Where Vietnamese may stand, and why. Everything else is English. */
const ALLOWED: readonly [RegExp, string][] = [
  [/^src\/lib\/messages\//, 'the words on screen'],
  [/^src\/content\//, 'packs as authored'],
  [/^tests\//, 'tests speak the language of the field'],
  [/\.(test|fixture)\.ts$/, 'tests speak the language of the field'],
  [/^src\/lib\/kernel\/text\//, 'knows the script itself: tone marks, đ, name order'],
  [/^src\/routes\/\(design\)\//, 'the showroom of the building blocks, not part of the product'],
  [
    /^scripts\/operator-messages\.mjs$/,
    'speaks before anything is installed, so it can import no dictionary',
  ],
];

/**
 * The identifiers and strings of a TypeScript file, one a line: comments may quote the field, and a regular expression
 * may know its letters.
 */
function wordsOfCode(path: string, text: string): string {
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isIdentifier(node) ||
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    ) {
      words.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return words.join('\n');
}

const withoutMarkupComments = (text: string): string =>
  text
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');

export const vietnameseStaysInItsRooms: Check = (files) =>
  files
    .filter(isCode)
    .filter(({ path }) => !ALLOWED.some(([pattern]) => pattern.test(path)))
    .flatMap(({ path, text }) => {
      if (!LETTER.test(text)) return [];
      const code = path.endsWith('.svelte') ? withoutMarkupComments(text) : wordsOfCode(path, text);
      const line = code.split('\n').find((candidate) => LETTER.test(candidate));
      return line === undefined
        ? []
        : [`${path}: Vietnamese outside messages and content: ${line.trim().slice(0, 80)}`];
    });
