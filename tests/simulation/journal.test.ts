import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFault, openJournal, type Sums } from './journal.ts';

const RUN = { commit: 'abc', first: 1, postgres: false };
const told = (seed: number, failure: string | null = null) => ({ seed, saves: 2, restores: 1, failure });

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xks-journal-'));
  file = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (): Sums[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sums);

describe('the journal of a long run', () => {
  it('has a line after each 1,000 seeds, whatever the order in which they end', () => {
    const journal = openJournal({ file, resume: false, run: RUN, end: 2001 }, () => 0);
    for (let seed = 1; seed <= 2000; seed += 2) {
      journal.take(told(seed + 1));
      journal.take(told(seed, seed === 1501 ? 'red' : null));
    }
    expect(lines().map(({ next, histories, saves }) => [next, histories, saves])).toEqual([
      [1001, 1000, 2000],
      [2001, 2000, 4000],
    ]);
    expect(lines()[1]).toMatchObject({ commit: 'abc', failed: 1, failedSeeds: [1501] });
  });

  it('goes on after its last whole line, adds up, and refuses another commit, first seed or store', () => {
    const journal = openJournal({ file, resume: false, run: RUN, end: 3001 }, () => 0);
    for (let seed = 1; seed <= 1500; seed++) journal.take(told(seed));
    appendFileSync(file, '{"commit":"abc","nex');
    const again = openJournal({ file, resume: true, run: RUN, end: 3001 }, () => 0);
    expect(again.from).toBe(1001);
    again.take(told(1001));
    for (let seed = 1002; seed <= 2000; seed++) again.take(told(seed));
    expect(openJournal({ file, resume: true, run: RUN, end: 3001 }, () => 0).from).toBe(2001);
    expect(again.sums()).toMatchObject({ histories: 2000, saves: 4000, next: 2001 });
    for (const other of [{ commit: 'other' }, { first: 7 }, { postgres: true }])
      expect(() => openJournal({ file, resume: true, run: { ...RUN, ...other }, end: 3001 })).toThrow(
        JournalFault,
      );
    expect(() => openJournal({ file, resume: false, run: RUN, end: 3001 })).toThrow(/--resume/);
  });
});
