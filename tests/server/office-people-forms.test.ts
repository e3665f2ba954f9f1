import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/lib/domain/people/roles.ts';
import type { RowId } from '../../src/lib/domain/record/ids.ts';
import { appContext, provideRuntime, type Runtime } from '../../src/lib/server/app-context.ts';
import { settleClash } from '../../src/lib/server/attention/settle.ts';
import { presentGrant } from '../../src/lib/server/auth/grant-rows.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { addPerson } from '../../src/lib/server/people/people-commands.ts';
import { listPeople, listTeams } from '../../src/lib/server/people/people-lists.ts';
import { addTeam } from '../../src/lib/server/people/place-commands.ts';
import type { Settings } from '../../src/lib/server/settings/settings.ts';
import {
  actions as personActions,
  load as personPage,
} from '../../src/routes/(office)/teams/[id]/+page.server.ts';
import { peopleContext } from '../../src/routes/(office)/teams/people-context.server.ts';
import {
  actions as placeActions,
  load as placesPage,
} from '../../src/routes/(office)/teams/places/+page.server.ts';
import { authWorld, type AuthWorld } from '../support/auth-world.ts';

let world: AuthWorld;
let admin: Actor;
const dataDir = mkdtempSync(join(tmpdir(), 'xks-forms-'));
const closers: Runtime['closers'] = [];

beforeAll(async () => {
  world = await authWorld();
  admin = world.admin.actor;
  provideRuntime({
    settings: { seed: 'none', dataDir } as Settings,
    web: world.db.targets.web,
    closers,
  });
});
afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
  rmSync(dataDir, { recursive: true, force: true });
});

type Fields = readonly (readonly [string, string])[];

/** What Kit hands to a page's load and actions, for the administrator. */
function asked(id: string, fields: Fields = []): never {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  const url = new URL(`http://ward.test/teams/${id}`);
  return {
    locals: { session: () => Promise.resolve({ actor: admin }) },
    url,
    params: { id },
    request: new Request(url, { method: 'POST', body }),
    depends: () => undefined,
    parent: () => Promise.resolve({}),
  } as never;
}

async function newPerson(name: string) {
  const added = await addPerson(await peopleContext(), admin, {
    name,
    role: 'helper',
    teams: [],
    login: null,
  });
  if (!added.ok) throw new Error(added.error.kind);
  return added.value.person;
}

/** Opens the page, as one of two administrators does, and fills in the form as it was drawn. */
async function opened(person: string) {
  const page = (await personPage(asked(person))) as {
    person: { name: string; role: string; shown: string };
  };
  const { name, role, shown } = page.person;
  return (typed: { name?: string; role?: string }) =>
    personActions['change']?.(
      asked(person, [
        ['name', typed.name ?? name],
        ['role', typed.role ?? role],
        ['shown', shown],
      ]),
    );
}

const personNow = async (person: string) =>
  (await listPeople(await appContext(), admin)).find((one) => one.person === person);

describe('I5 a form of people saves on what it was drawn with', () => {
  it('two who change the same field: the second is told, both values stay', async () => {
    const person = await newPerson('Trần Thị Lan');
    const [first, second] = [await opened(person), await opened(person)];
    expect(await first({ name: 'Trần Thị Lan Anh' })).toEqual({ done: 'saved' });
    expect(await second({ name: 'Trần Thu Lan' })).toEqual({ done: 'clashed' });
    const now = await personNow(person);
    expect(now?.name).toBe('Trần Thị Lan Anh');
    expect(now?.clashes).toMatchObject([{ field: 'name', value: 'Trần Thu Lan', settled: null }]);
  });

  it('settling two roles for the later one gives that authority in the same step', async () => {
    const person = await newPerson('Đinh Thị Chín');
    const [first, second] = [await opened(person), await opened(person)];
    await first({ role: 'team_lead' });
    await second({ role: 'clerk' });
    const late = (await personNow(person))?.clashes[0]?.late;
    if (late === undefined) throw new Error('no clash');
    const id = person as string as RowId;
    const grantRole = () =>
      inTransaction(world.db.web, { wards: [world.home] }, async (tx) => {
        return (await presentGrant(tx, world.home, person))?.role;
      });
    expect(await grantRole()).toBe('team_lead');
    const choice = { kind: 'person', id, field: 'role', late, take: 'late' } as const;
    expect(await settleClash(await peopleContext(), admin, choice)).toMatchObject({ ok: true });
    expect(await grantRole()).toBe('clerk');
  });

  it('two who change different fields lose nothing and clash nowhere', async () => {
    const person = await newPerson('Lê Văn Bảy');
    const [first, second] = [await opened(person), await opened(person)];
    expect(await first({ name: 'Lê Văn Bẩy' })).toEqual({ done: 'saved' });
    expect(await second({ role: 'team_lead' })).toEqual({ done: 'saved' });
    expect(await personNow(person)).toMatchObject({ name: 'Lê Văn Bẩy', role: 'team_lead', clashes: [] });
  });

  it('a form sent unchanged writes nothing', async () => {
    const person = await newPerson('Hồ Thị Sáu');
    const before = await personNow(person);
    expect(await (await opened(person))({})).toEqual({ done: 'saved' });
    expect((await personNow(person))?.stamps).toEqual(before?.stamps);
  });

  it('a team renamed by two at once keeps both names', async () => {
    const added = await addTeam(await peopleContext(), admin, { name: 'Tổ Một' });
    if (!added.ok) throw new Error(added.error.kind);
    const page = (await placesPage(asked('places'))) as { teams: { team: string; shown: string }[] };
    const shown = page.teams.find(({ team }) => team === added.value)?.shown ?? '';
    const rename = (name: string) =>
      placeActions['team']?.(
        asked('places', [
          ['id', added.value],
          ['name', name],
          ['active', 'yes'],
          ['shown', shown],
        ]),
      );
    expect(await rename('Tổ Sen')).toEqual({ saved: true, clashed: false });
    // The second one is told, as with people: not only that it is saved.
    expect(await rename('Tổ Súng')).toEqual({ saved: true, clashed: true });
    const [row] = await world.db.superuser.pool<{ body: { clashes: unknown[] } }[]>`
      select body from team where id = ${added.value}`;
    expect(row?.body.clashes).toMatchObject([{ field: 'name', value: 'Tổ Súng' }]);
    expect((await listTeams(await appContext(), admin)).find(({ team }) => team === added.value)?.name).toBe(
      'Tổ Sen',
    );
  });

  it('a form without what it was drawn with is refused, never saved blindly', async () => {
    const person = await newPerson('Ngô Thị Tám');
    const sent = await personActions['change']?.(
      asked(person, [
        ['name', 'Ai Đó'],
        ['role', 'helper'],
      ]),
    );
    expect(sent).toMatchObject({ status: 400, data: { problem: 'malformed' } });
    expect((await personNow(person))?.name).toBe('Ngô Thị Tám');
  });
});
