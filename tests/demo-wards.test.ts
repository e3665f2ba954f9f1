import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROLES } from '../src/lib/domain/people/roles.ts';
import { type DemoWard, demoDataSchema } from '../src/lib/server/demo/demo-data.ts';

const { wards } = demoDataSchema.parse(parse(readFileSync('src/content/demo/wards.yaml', 'utf8')));

describe('the demo wards', () => {
  it('Phường Mẫu has three teams, eight neighbourhoods and twelve people of every role; a second ward stands beside it', () => {
    const amounts = ({ name, teams, neighbourhoods, people }: DemoWard) =>
      [name, teams.length, neighbourhoods.length, people.length] as const;
    expect(wards.map(amounts)).toEqual([
      ['Phường Mẫu', 3, 8, 12],
      ['Xã Mẫu', 1, 2, 4],
    ]);
    expect(new Set(wards[0]?.people.map(({ role }) => role))).toEqual(new Set(ROLES));
  });

  it('nobody can take them for real: the official list has codes of five digits only, and no such province', () => {
    for (const { unitCode, province } of wards)
      expect([unitCode, province]).toEqual([expect.stringMatching(/^MAU\d\d$/), 'Tỉnh Mẫu']);
  });

  it('everybody stands in a team that there is, under a name of their own', () => {
    const people = wards.flatMap((ward) => ward.people);
    expect(new Set(people.map(({ name }) => name)).size).toBe(people.length);
    for (const ward of wards)
      for (const { key, teams } of ward.people)
        expect([key, teams.filter((team) => ward.teams[team] === undefined)]).toEqual([key, []]);
  });
});
