import { beforeEach, describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import { testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { testWorld } from '../../../../tests/support/phone/test-world.ts';
import { rowAad } from '../../protocol/bound-bytes.ts';
import type { QuarantinedRow, RoundAnswer } from '../../protocol/round.ts';
import { logAssist } from '../commands/log-assist.ts';
import { mendRefused } from '../commands/mend-refused.ts';
import { openPersonal } from '../view/personal-parts.ts';
import { outboxList } from '../view/outbox-view.ts';
import { recordOf } from '../view/records.ts';
import { viewFaults } from '../view/rebuild.ts';
import { deliver } from './deliver.ts';

let phone: TestPhone;
let ward: PlainWard;
let row: QuarantinedRow;
let assist: string;

/** What the ward keeps of a record that an earlier phone of the same person had sent. */
beforeEach(async () => {
  const lost = await testPhone({ seed: 200 });
  const saved = await logAssist(lost, testForm());
  if (!saved.ok) throw new Error('not saved');
  assist = saved.value.rows[0]!;
  const entry = (await lost.db.strict.outbox.get(saved.value.mutation))!;
  phone = await testPhone({ seed: 201 });
  ward = PlainWard.knowing(phone);
  const { blob } = await phone.sealer.seal(
    { [assist]: { note: 'Máy cũ ghi.' } },
    rowAad(phone.account.person, entry.id, 'quarantined'),
  );
  const { id, replica, seq, plain } = entry;
  row = {
    kind: 'quarantined',
    id,
    version: 7,
    replica,
    seq,
    plain,
    sealed: blob,
    outcome: { is: 'refused', code: 'not_yours' },
    receivedAt: 1,
  };
});

function bent(
  change: (bucket: NonNullable<RoundAnswer['down']>['buckets'][number]) => void,
): ReturnType<typeof testWorld> {
  return testWorld(phone, {
    fetch: async (url, init) => {
      const answer = (await (await ward.fetch(url, init)).json()) as RoundAnswer;
      const own = answer.down?.buckets.find(({ bucket }) => bucket.startsWith('person:'));
      if (own) change(own);
      const headers = { 'content-type': 'application/vnd.xks.sync+json', 'x-xks-protocol': '1' };
      return new Response(JSON.stringify(answer), { headers });
    },
  });
}

describe('I6 refused records outlive the phone', () => {
  it('a phone enrolled anew shows and opens them, mends them under its own replica, and lets go once settled', async () => {
    await deliver({ db: phone.db, world: bent((bucket) => void bucket.rows.push(row)) });
    const record = (await recordOf(phone.db, 'assist', assist))!;
    expect(record.state).toBe('needs_you');
    expect((await openPersonal(phone, record)).values).toEqual({ note: 'Máy cũ ghi.' });
    expect(ward.requests.flatMap((request) => request.up)).toEqual([]);
    const mended = await mendRefused(phone, row.id, { [assist]: { set: { subject: 'thuong-tru' } } });
    expect(mended.ok).toBe(true);
    const gone = bent((bucket) => void bucket.gone.push({ kind: 'quarantined', id: row.id, version: 9 }));
    expect(await deliver({ db: phone.db, world: gone })).toEqual({ is: 'done' });
    expect(ward.rows.get(`assist/${assist}`)?.fields['subject']).toBe('thuong-tru');
    expect((await outboxList(phone.db)).map((line) => line.state)).toEqual(['arrived']);
    const after = (await recordOf(phone.db, 'assist', assist))!;
    expect(after.state).toBe('arrived');
    expect(await viewFaults(phone.db.relaxed)).toEqual([]);
  });
});

describe('I8 a restored server holds again what it had taken', () => {
  it('it is in the view and needs its author again, although this phone had heard it applied', async () => {
    const saved = await logAssist(phone, testForm());
    if (!saved.ok) throw new Error('not saved');
    await deliver({ db: phone.db, world: testWorld(phone, ward) });
    const entry = (await phone.db.strict.outbox.get(saved.value.mutation))!;
    expect([entry.outcome?.is, entry.replay]).toEqual(['applied', 0]);
    ward.backup()();
    ward.rows.clear();
    const { id, replica, seq, plain } = entry;
    const outcome = { is: 'held', behind: row.id } as const;
    const judged = ward.replicas.get(replica)!.settled;
    judged.set(seq, { ...judged.get(seq)!, outcome });
    const again: QuarantinedRow = { ...row, id, replica, seq, plain, sealed: null, outcome };
    await deliver({ db: phone.db, world: bent(({ rows }) => void rows.push(again)) });
    const record = (await recordOf(phone.db, 'assist', saved.value.rows[0]!))!;
    expect(record.state).toBe('needs_you');
    expect((await openPersonal(phone, record)).values).toEqual({ note: 'Bà con hỏi lệ phí.' });
    ward.resettled.push({ seq, id, outcome: { is: 'refused', code: 'discarded' }, commit: ward.version });
    await deliver({ db: phone.db, world: testWorld(phone, ward) });
    expect((await outboxList(phone.db))[0]?.outcome).toEqual({ is: 'refused', code: 'discarded' });
    expect(await viewFaults(phone.db.relaxed)).toEqual([]);
  });
});
