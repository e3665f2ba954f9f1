import ts from 'typescript';
import { parse } from 'yaml';
import * as z from 'zod';
import { err, ok, type Result } from '../src/lib/kernel/result.ts';

const STATES = ['complete', 'begun', 'later'] as const;

const capabilitySchema = z.strictObject({
  id: z.string().regex(/^[GLTDAEI]\d{1,2}$/),
  title: z.string().min(3),
  state: z.enum(STATES),
  /** What is still missing, in one line; asked of everything that is begun. */
  missing: z.string().min(3).optional(),
});
const listSchema = z.array(capabilitySchema);

/** One capability of the product, or one promise of sync (I1–I11), and what we claim of it. */
export type Capability = z.infer<typeof capabilitySchema>;

/** A test as its author named it, with the chapters it stands in. */
export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

export interface CapabilityRow extends Capability {
  readonly tests: readonly NamedTest[];
}

/** Reads the list as authored; the error says which entry is wrong. */
export function readCapabilities(yaml: string): Result<Capability[], string> {
  const list = listSchema.safeParse(parse(yaml));
  if (!list.success) return err(z.prettifyError(list.error));
  const ids = list.data.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) return err(`${twice} is listed twice`);
  const vague = list.data.find(({ state, missing }) => state === 'begun' && missing === undefined);
  return vague ? err(`${vague.id} is begun: say what is missing`) : ok(list.data);
}

const RUNNERS = new Set(['describe', 'it', 'test', 'suite']);

/** `describe`, `it.each(…)`, `test.concurrent`: the name at the root of what is called. */
function runnerOf(expression: ts.Expression): string {
  if (ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression))
    return runnerOf(expression.expression);
  if (ts.isTaggedTemplateExpression(expression)) return runnerOf(expression.tag);
  return ts.isIdentifier(expression) ? expression.text : '';
}

function literalText(node: ts.Expression | undefined): string | null {
  if (!node) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

/** The names of the tests in a file, a chapter's name standing before those of its tests. */
export function namedTests(file: string, text: string): NamedTest[] {
  const found: NamedTest[] = [];
  const visit = (node: ts.Node, chapter: string): void => {
    let inside = chapter;
    if (ts.isCallExpression(node) && RUNNERS.has(runnerOf(node.expression))) {
      const name = literalText(node.arguments[0]);
      const body = node.arguments.find((argument) => ts.isFunctionLike(argument));
      if (name !== null && body) {
        inside = chapter === '' ? name : `${chapter} › ${name}`;
        if (!/^(describe|suite)|\.describe/.test(node.expression.getText()))
          found.push({ file, name: inside });
      }
    }
    ts.forEachChild(node, (child) => {
      visit(child, inside);
    });
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), '');
  return found;
}

/** Ids as words of their own; `A4` and `A5` name paper when a unit of paper stands beside them. */
const ID = /(?<![\w-])([GLTDAEI]\d{1,2})(?![\w-])(?! (?:paper|page|sheet|landscape|portrait))/g;

export function idsIn(name: string): string[] {
  return [...new Set([...name.matchAll(ID)].map(([, id]) => id ?? ''))];
}

/** Each capability with its tests, and what is not true of the claims. */
export function judgeClaims(
  capabilities: readonly Capability[],
  tests: readonly NamedTest[],
): { rows: CapabilityRow[]; faults: string[] } {
  const known = new Set(capabilities.map(({ id }) => id));
  const byId = new Map<string, NamedTest[]>();
  const faults: string[] = [];
  for (const test of tests) {
    for (const id of idsIn(test.name)) {
      byId.set(id, [...(byId.get(id) ?? []), test]);
      if (!known.has(id)) faults.push(`${test.file}: "${test.name}" names ${id}, which is no capability`);
    }
  }
  const rows = capabilities.map((capability) => ({ ...capability, tests: byId.get(capability.id) ?? [] }));
  for (const { id, title, state, tests: named } of rows) {
    if (state === 'complete' && named.length === 0)
      faults.push(`${id} ${title}: claimed complete, no test names it`);
    if (state === 'later' && named.length > 0)
      faults.push(`${id} ${title}: claimed later, yet ${named.length} tests name it`);
  }
  return { rows, faults };
}
