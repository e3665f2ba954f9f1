import { beforeEach, describe, expect, it } from 'vitest';
import { entryAnswerSchema } from '../../src/lib/protocol/enrol.ts';
import type { AppContext } from '../../src/lib/server/app-context.ts';
import { readCurrentSession } from '../../src/lib/server/auth/current-session.ts';
import { redeemInvitation } from '../../src/lib/server/auth/redeem.ts';
import { enterDemo } from '../../src/lib/server/people/demo-enter.ts';
import { entryFacts } from '../../src/lib/server/people/entry-facts.ts';
import type { Settings } from '../../src/lib/server/settings/settings.ts';
import { testBrowser } from '../support/auth-event.ts';
import { authWorld, type AuthWorld, makeDevice, plantMember } from '../support/auth-world.ts';

let world: AuthWorld;
const context = (seed: Settings['seed']): AppContext => ({
  ...world.context,
  settings: { seed } as Settings,
});
beforeEach(async () => {
  world = await authWorld();
});

describe('the first page', () => {
  it('says the unit’s name to strangers, and no person’s', async () => {
    const facts = await entryFacts(context('none'));
    expect(facts).toEqual({ wardName: 'Phường Thử', wardWord: 'phường', demo: null });
  });

  it('answers where nothing is set up yet', async () => {
    await world.db.superuser.pool`truncate ward cascade`;
    expect(entryAnswerSchema.parse(await entryFacts(context('demo')))).toMatchObject({
      wardName: '',
      demo: null,
    });
  });

  it('offers one person a role of the demo ward, and only in a demo', async () => {
    await world.db.superuser.pool`update ward set demo = true where ward_id = 'mau'`;
    const facts = await entryFacts(context('demo'));
    expect(facts.demo?.people.map(({ role }) => role)).toEqual(['helper', 'team_lead', 'administrator']);
    expect((await entryFacts(context('none'))).demo).toBeNull();
  });
});

describe('one click into a demo role', () => {
  beforeEach(async () => {
    await world.db.superuser.pool`update ward set demo = true where ward_id = 'mau'`;
  });

  it('gives the field a code that enrols', async () => {
    const answer = await enterDemo(context('demo'), testBrowser().event(), world.helper.person);
    if (answer?.is !== 'enrol') throw new Error('no code');
    const device = await makeDevice();
    expect((await redeemInvitation(world.context, device.request(answer.code), '::1')).ok).toBe(true);
  });

  it('gives the office a session and a place to go', async () => {
    const leader = await plantMember(world.db, world.home, 'ward_leader');
    const browser = testBrowser('http://localhost:3000');
    expect(await enterDemo(context('demo'), browser.event(), leader.person)).toEqual({
      is: 'office',
      to: '/filings',
    });
    const session = await readCurrentSession(world.context, browser.event());
    expect(session?.actor).toMatchObject({ person: leader.person, role: 'ward_leader' });
    browser.jar.delete('browser');
    expect(await readCurrentSession(world.context, browser.event())).toBeNull();
  });

  it('is closed without SEED=demo, to other wards, and to who is gone', async () => {
    expect(await enterDemo(context('none'), testBrowser().event(), world.helper.person)).toBeNull();
    expect(await enterDemo(context('demo'), testBrowser().event(), world.farHelper.person)).toBeNull();
    await world.db.superuser.pool`update access_grant set ended_at = now(), ended_how = 'revocation'`;
    expect(await enterDemo(context('demo'), testBrowser().event(), world.helper.person)).toBeNull();
  });
});
