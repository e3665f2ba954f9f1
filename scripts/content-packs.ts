import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { HolidayBody, ProcedureBody } from '../src/lib/domain/procedure/pack.ts';
import { holidayBodySchema, procedureBodySchema } from '../src/lib/domain/procedure/pack.ts';
import type { PackIssue } from '../src/lib/domain/procedure/pack-check.ts';
import { checkHolidays, checkProcedures } from '../src/lib/domain/procedure/pack-check.ts';
import type { Path, Problem, SourceFile } from './content-source.ts';
import { readYaml } from './content-source.ts';

z.config(z.locales.en());

/** The heading of a pack and its entries, each remembering the file it came from. */
interface Authored {
  readonly heading: SourceFile;
  readonly entries: readonly { readonly source: SourceFile; readonly at: Path; readonly value: unknown }[];
}

export interface Loaded<B> {
  /** Null when there are problems. */
  readonly body: B | null;
  readonly problems: readonly Problem[];
}

function readFolder(folder: string, problems: Problem[]): { heading: SourceFile; others: SourceFile[] } {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const read = (name: string) => readYaml(join(folder, name), problems);
  return { heading: read('_pack.yaml'), others: names.filter((name) => name !== '_pack.yaml').map(read) };
}

/** Turns a path in the assembled pack into a line of the file it was written in. */
function locate(authored: Authored, path: Path): { file: string; line: number } {
  const [first, index, ...rest] = path;
  const entry = first === 'entries' && typeof index === 'number' ? authored.entries[index] : undefined;
  return entry
    ? { file: entry.source.file, line: entry.source.lineOf([...entry.at, ...rest]) }
    : { file: authored.heading.file, line: authored.heading.lineOf(path) };
}

function asProblem(authored: Authored, issue: PackIssue): Problem {
  const shown = issue.path[0] === 'entries' ? issue.path.slice(2) : issue.path;
  return { ...locate(authored, issue.path), message: `${shown.join('.')}: ${issue.message}` };
}

function issuesOf(error: z.core.$ZodError): PackIssue[] {
  return error.issues.map(({ path, message }) => ({
    path: path.map((p) => (typeof p === 'symbol' ? String(p) : p)),
    message,
  }));
}

function judge<B>(
  kind: string,
  schema: z.ZodMiniType<B>,
  check: (body: B) => readonly PackIssue[],
  authored: Authored,
  problems: readonly Problem[],
): Loaded<B> {
  if (problems.length > 0) return { body: null, problems };
  const heading = authored.heading.value as object;
  const parsed = schema.safeParse({
    kind,
    ...heading,
    entries: authored.entries.map((entry) => entry.value),
  });
  const issues = parsed.success ? check(parsed.data) : issuesOf(parsed.error);
  if (issues.length > 0) return { body: null, problems: issues.map((issue) => asProblem(authored, issue)) };
  return { body: parsed.data ?? null, problems: [] };
}

/** Quick buttons first, then by group as the heading lists them, then by id: the same on every machine. */
function inShelfOrder(body: ProcedureBody): ProcedureBody {
  const shelf = new Map(body.groups.map((group, at) => [group.id, at]));
  const place = (id: string) => shelf.get(id) ?? shelf.size;
  const entries = [...body.entries].sort(
    (a, b) => (a.quick ?? 9) - (b.quick ?? 9) || place(a.group) - place(b.group) || (a.id < b.id ? -1 : 1),
  );
  return { ...body, entries };
}

/** The catalogue in `folder`: one procedure a file, `_pack.yaml` for the rest. */
export function loadProcedures(folder: string): Loaded<ProcedureBody> {
  const problems: Problem[] = [];
  const { heading, others } = readFolder(folder, problems);
  const entries = others.map((source) => ({ source, at: [], value: source.value }));
  const loaded = judge('procedures', procedureBodySchema, checkProcedures, { heading, entries }, problems);
  const misnamed = others.flatMap(({ file, value, lineOf }) => {
    const id = (value as { id?: unknown } | null)?.id;
    return file.endsWith(`/${String(id)}.yaml`) || file.endsWith(`\\${String(id)}.yaml`)
      ? []
      : [{ file, line: lineOf(['id']), message: 'id: must be the name of the file' }];
  });
  if (problems.length === 0 && misnamed.length > 0) {
    return { body: null, problems: [...loaded.problems, ...misnamed] };
  }
  return loaded.body ? { ...loaded, body: inShelfOrder(loaded.body) } : loaded;
}

/** The holiday calendar in `folder`: a list of rows a year, `_pack.yaml` for the rest. */
export function loadHolidays(folder: string): Loaded<HolidayBody> {
  const problems: Problem[] = [];
  const { heading, others } = readFolder(folder, problems);
  const entries = others.flatMap((source) =>
    Array.isArray(source.value)
      ? source.value.map((value: unknown, at) => ({ source, at: [at], value }))
      : [],
  );
  for (const { file, value } of others) {
    if (value !== null && !Array.isArray(value))
      problems.push({ file, line: 1, message: 'must be a list of rows' });
  }
  return judge('holidays', holidayBodySchema, checkHolidays, { heading, entries }, problems);
}
