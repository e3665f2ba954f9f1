import type { Role } from '$lib/domain/people/roles.ts';
import type { Row } from '$lib/domain/record/row.ts';
import type { Account } from '$lib/protocol/enrol.ts';
import { rowName } from '../../row-name.ts';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Colleagues at work in the lead's own teams, by name; the lead stands on another page. */
export function membersOf(account: Account, people: readonly Row[]): readonly Member[] {
  const own = new Set<unknown>(account.teams.map(({ id }) => id));
  return people
    .filter(({ id, fields }) => {
      const teams = Array.isArray(fields['teams']) ? fields['teams'] : [];
      return (
        fields['active'] === true && String(id) !== account.person && teams.some((team) => own.has(team))
      );
    })
    .map((row) => ({ id: String(row.id), name: rowName(row), role: row.fields['role'] as Role }))
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'));
}
