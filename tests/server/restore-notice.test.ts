import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAttention } from '../../src/lib/server/attention/attention-page.ts';
import { countAttention } from '../../src/lib/server/attention/attention-rows.ts';
import { noteRestore } from '../../src/lib/server/attention/restore-notices.ts';
import {
  EMPTY_REGISTER,
  registerPath,
  saveRegister,
} from '../../src/lib/server/backup/revocation-register.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import type { Settings } from '../../src/lib/server/settings/settings.ts';
import { takeRound } from '../../src/lib/server/sync/round.ts';
import { syncContext } from '../../src/lib/server/sync/sync-context.ts';
import { roundRequestSchema } from '../../src/lib/protocol/round.ts';
import { type OfficeMember, officeWard, type OfficeWard } from '../support/office-ward.ts';

let ward: OfficeWard;
let administrator: OfficeMember;
let home: string;
const DEVICE = '0190a000-0000-7000-8000-000000000003';

beforeAll(async () => {
  ward = await officeWard(71);
  administrator = await ward.member('administrator');
  home = mkdtempSync(join(tmpdir(), 'xks-notice-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const restoresSeenBy = async (who: OfficeMember) => (await readAttention(ward.context, who.actor)).restores;
const countOf = (who: OfficeMember) =>
  inTransaction(ward.db.web, { wards: [who.actor.ward] }, (tx) => countAttention(tx, who.actor));

describe('I8 a restore that nobody announced is told to the administrator', () => {
  it('a phone proves it: the register is replayed, sessions are of the past, and it stands under what needs attention', async () => {
    const helper = await ward.member('helper');
    const phone = await ward.server.phone(helper.identity);
    const sql = ward.db.superuser.pool;
    await sql`update ward set created_at = '2020-01-01'`;
    await sql`
      insert into device (ward_id, person_id, device_id, public_key, label, enrolled_at)
      values (${helper.identity.ward}, ${helper.identity.person}, ${DEVICE}, '', 'Máy cũ', '2021-01-01')`;
    const older = await ward.server.backup();
    await phone.save(ward.server.make.log(helper.identity));
    await phone.round({ down: false });
    expect([await restoresSeenBy(administrator), await countOf(administrator)]).toEqual([[], 0]);
    const revoked = { ward: helper.identity.ward, person: helper.identity.person, device: DEVICE };
    const devices = [{ ...revoked, revokedAt: '2021-06-01T00:00:00.000Z' }];
    saveRegister(registerPath(home), { ...EMPTY_REGISTER, devices });

    await older();
    const settings = { dataDir: home } as Settings;
    const world = await syncContext({ ...ward.context, settings });
    const body = roundRequestSchema.parse({
      replica: helper.identity.replica,
      heardTo: 1,
      rowsTo: 0,
      receipt: phone.receipt,
      up: [],
      keys: [],
      down: null,
    });
    const answer = await takeRound(world, { token: helper.identity.token, session: null, body });
    expect(answer.status).toBe(200);
    const restores = await restoresSeenBy(administrator);
    expect(restores).toMatchObject([{ announced: false }]);
    expect(await countOf(administrator)).toBe(1);
    const [device] = await sql`select revoked_at from device where device_id = ${DEVICE}`;
    expect(device?.['revoked_at']).toEqual(new Date('2021-06-01T00:00:00.000Z'));

    for (const role of ['ward_leader', 'helper', 'team_lead'] as const) {
      const other = await ward.member(role);
      expect([role, await restoresSeenBy(other)]).toEqual([role, []]);
      expect(await noteRestore(ward.context, other.actor, restores[0]?.epoch ?? '')).toMatchObject({
        ok: false,
      });
    }
    // The same proof once more is no second notice.
    await takeRound(world, { token: helper.identity.token, session: null, body });
    expect(await restoresSeenBy(administrator)).toHaveLength(1);
    expect(await noteRestore(ward.context, administrator.actor, restores[0]?.epoch ?? '')).toMatchObject({
      ok: true,
    });
    expect(await noteRestore(ward.context, administrator.actor, restores[0]?.epoch ?? '')).toMatchObject({
      ok: true,
    });
    expect([await restoresSeenBy(administrator), await countOf(administrator)]).toEqual([[], 0]);
    const events = await sql`select actor_id, detail from auth_event where what = 'restore_noted'`;
    expect(events).toEqual([{ actor_id: administrator.actor.person, detail: { epoch: restores[0]?.epoch } }]);
  });

  it('an announced one is told as such, to each ward’s own administrator', async () => {
    await ward.server.foundWard('phuong-xa');
    const away = await ward.member('administrator', undefined, 'phuong-xa');
    const sql = ward.db.superuser.pool;
    await sql`update ward set created_at = '2020-01-01'`;
    await sql`insert into epoch (epoch_id, place, why, began_at) select 'announced', max(place) + 1, 'restore', now() from epoch`;
    expect(await restoresSeenBy(administrator)).toMatchObject([{ epoch: 'announced', announced: true }]);
    await noteRestore(ward.context, administrator.actor, 'announced');
    expect(await restoresSeenBy(administrator)).toEqual([]);
    expect((await restoresSeenBy(away)).map(({ epoch }) => epoch)).toContain('announced');
  });
});
