import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadHolidays, loadProcedures } from './content-packs.ts';
import { describe } from './content-source.ts';

/** Checks the authored content and prints `file:line: what`, one line a problem. `npm run content:check`. */
const root = fileURLToPath(new URL('..', import.meta.url));
const content = resolve(process.argv[2] ?? `${root}/src/content`);
const procedures = loadProcedures(`${content}/procedures`);
const holidays = loadHolidays(`${content}/calendar`);
const problems = [...procedures.problems, ...holidays.problems];

for (const problem of problems) {
  console.error(describe({ ...problem, file: relative(process.cwd(), problem.file) }));
}
if (problems.length > 0) {
  console.error(`${String(problems.length)} problem(s) in the content`);
  process.exitCode = 1;
} else {
  const counted = `${String(procedures.body?.entries.length)} procedures, ${String(holidays.body?.entries.length)} holidays`;
  console.log(`content: ${counted}, no problems`);
}
