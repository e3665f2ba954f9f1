import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type * as permissions from '../src/lib/domain/people/permissions.ts';
import * as roles from '../src/lib/domain/people/roles.ts';
import { actorOf, BELONGINGS, expectations, inviteCases } from './support/authority-table.ts';

/** The file as it runs: without types, so that every place that is left decides something. */
const SOURCE = ts.transpileModule(readFileSync('src/lib/domain/people/permissions.ts', 'utf8'), {
  compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, removeComments: true },
}).outputText;

/** Small slips that somebody could make in the file: each applied at each place where it fits, one at a time. */
const SLIPS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/'none'/g, ["'own'", "'team'", "'ward'"]],
  [/'own'/g, ["'none'", "'team'", "'ward'"]],
  [/'team'/g, ["'none'", "'own'", "'ward'"]],
  [/'ward'/g, ["'none'", "'own'", "'team'", "'other'"]],
  [/\['own', 'team'\]/g, ["['own']", "['own', 'team', 'ward']"]],
  [/\['own', 'team', 'ward'\]/g, ["['own', 'team']", "['own', 'team', 'ward', 'other']"]],
  [/===/g, ['!==']],
  [/!==/g, ['===']],
  [/&&/g, ['||']],
  [/\|\|/g, ['&&']],
  [/!(?=[a-zA-Z(])/g, ['']],
  [/return false/g, ['return true']],
  [/return true/g, ['return false']],
  [/\.every\(/g, ['.some(']],
  [/\.find\(/g, ['.findLast(']],
  [/'personal\.keep'\]/g, ["'personal.read']", ']']],
  [/'device\.invite', relation/g, ["'device.read', relation"]],
  [/'device\.invite', 'ward'/g, ["'device.read', 'ward'", "'people.manage', 'team'"]],
  [/'clerk'/g, ["'helper'", "'team_lead'"]],
];

/** The list of the relations' names decides nothing. */
function places(pattern: RegExp): number[] {
  const found: number[] = [];
  for (const match of SOURCE.matchAll(pattern)) {
    const start = SOURCE.lastIndexOf('\n', match.index) + 1;
    const line = SOURCE.slice(start, SOURCE.indexOf('\n', match.index));
    if (!/RELATIONS = \[/.test(line)) found.push(match.index);
  }
  return found;
}

type Judged = typeof permissions;

function load(source: string): Judged | null {
  const exports = {};
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the only way to run a file that was altered in memory
    const run = new Function('exports', 'require', source) as (
      exports: object,
      require: () => object,
    ) => void;
    run(exports, () => roles);
    return exports as Judged;
  } catch {
    return null;
  }
}

/** What the tests of the table ask, in one answer. */
function agrees(judged: Judged): boolean {
  const { can, relationOf, mayInvite } = judged;
  try {
    return (
      expectations().every(
        ({ role, action, relation, mustPass, allowed }) =>
          can({ role, mustPass }, action, relation) === allowed,
      ) &&
      BELONGINGS.every(([thing, relation]) => relationOf(actorOf('helper'), thing) === relation) &&
      inviteCases().every(({ by, member, allowed }) => mayInvite(by, member) === allowed)
    );
  } catch {
    return false;
  }
}

describe('A1 planted permission mutants', () => {
  it('the unaltered file agrees with the table', () => {
    const judged = load(SOURCE);
    expect(judged !== null && agrees(judged)).toBe(true);
  });

  it('at least 95 in 100 are caught', () => {
    const survivors: string[] = [];
    let planted = 0;
    for (const [pattern, slips] of SLIPS) {
      for (const at of places(pattern)) {
        const length = new RegExp(pattern.source, 'y');
        length.lastIndex = at;
        const [hit = ''] = length.exec(SOURCE) ?? SOURCE.slice(at).match(pattern) ?? [];
        for (const slip of slips) {
          planted++;
          const judged = load(SOURCE.slice(0, at) + slip + SOURCE.slice(at + hit.length));
          const line = SOURCE.slice(SOURCE.lastIndexOf('\n', at) + 1, SOURCE.indexOf('\n', at)).trim();
          if (judged !== null && agrees(judged))
            survivors.push(`${hit} → ${slip || '(nothing)'} in: ${line}`);
        }
      }
    }
    process.stdout.write(
      `permission mutants: ${planted - survivors.length} of ${planted} caught; survivors: ${survivors.join('; ') || 'none'}\n`,
    );
    expect(planted).toBeGreaterThan(150);
    expect(survivors.length / planted, survivors.join('\n')).toBeLessThanOrEqual(0.05);
  });
});
