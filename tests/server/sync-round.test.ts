import { beforeAll, describe, expect, it } from 'vitest';
import type { WireRow } from '../../src/lib/protocol/round.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';
import { rowIdOf } from '../support/sync-mutations.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import type { SyncServer } from '../support/sync-ward.ts';

let db: TestDatabase;
let server: SyncServer;
beforeAll(async () => {
  db = await testDatabase();
  server = await postgresServer(db);
  await server.foundWard('phuong-mau');
  await server.foundWard('phuong-khac');
});

describe('I2 I11 a round', () => {
  it('takes a visit with a name, and brings it back down under the phone own key', async () => {
    const ann = await server.phone(await server.person('phuong-mau'));
    const mutation = server.make.log(ann.identity, {}, { personal: ['residentName', 'note'] });
    const row = rowIdOf(mutation);
    await ann.save(mutation, { [row]: { residentName: 'Trần Thị Mẫu', note: 'chỉ đường' } });
    const answer = await ann.round();
    expect(answer.settled).toEqual([
      {
        seq: 1,
        id: mutation.id,
        outcome: { is: 'applied', flags: [], clashes: 0 },
        commit: expect.any(Number) as number,
      },
    ]);
    expect(answer).toMatchObject({ lastSeq: 1, settledAll: true, signedIn: true, ownTo: 1, problem: null });
    const own = answer.own[0] as WireRow;
    expect(own.id).toBe(row);
    expect(await ann.open(own)).toEqual({ residentName: 'Trần Thị Mẫu', note: 'chỉ đường' });
    const stored = await db.superuser
      .pool`select body::text || sealed::text as text from assist where id = ${row}`;
    expect(JSON.stringify(stored)).not.toContain('Mẫu');
    const bucket = answer.down?.buckets.find((page) => page.bucket === `person:${ann.identity.person}`);
    expect(bucket).toMatchObject({ more: false, fromStart: true, gone: [] });
    expect(bucket?.rows.map((each) => each.id)).toEqual([row]);
  });

  it('applies nothing twice, whatever is repeated or lost', async () => {
    const bo = await server.phone(await server.person('phuong-mau'));
    for (let i = 0; i < 5; i++) await bo.save(server.make.log(bo.identity));
    const first = await bo.ask({ up: bo.outbox.slice(0, 3) });
    const again = await bo.ask({ up: bo.outbox.slice(0, 3) });
    expect(again.settled).toEqual(first.settled);
    const all = await bo.ask({ up: [...bo.outbox].reverse() });
    expect(all.settled.map((each) => each.seq)).toEqual([1, 2, 3, 4, 5]);
    const [{ n } = { n: 0 }] = await db.superuser.pool<{ n: number }[]>`
      select count(*)::int as n from assist where entered_by = ${bo.identity.person}`;
    expect(n).toBe(5);
  });

  it('stops at a gap and at a fork, and settles nothing of them', async () => {
    const chi = await server.phone(await server.person('phuong-mau'));
    for (let i = 0; i < 4; i++) await chi.save(server.make.log(chi.identity));
    const [one, two, , four] = chi.outbox;
    const gap = await chi.ask({ up: [one!, four!] });
    expect(gap).toMatchObject({ problem: 'gap', lastSeq: 1 });
    const other = server.make.log(chi.identity);
    const forked = await chi.ask({ up: [{ ...one!, id: other.id, plain: JSON.stringify(other) }, two!] });
    expect(forked).toMatchObject({ problem: 'forked', lastSeq: 1 });
    const changed = await chi.ask({ up: [{ ...one!, plain: `${one!.plain} ` }] });
    expect(changed.problem).toBe('forked');
  });

  it('delivers with the token alone, and reads nothing without a session', async () => {
    const dung = await server.phone(await server.person('phuong-mau'));
    dung.session = false;
    await dung.save(server.make.log(dung.identity));
    const answer = await dung.round();
    expect(answer).toMatchObject({ lastSeq: 1, signedIn: false, own: [], down: null, ownTo: 0 });
    expect(answer.settled[0]?.outcome.is).toBe('applied');
    dung.session = true;
    const later = await dung.round();
    expect(later.settled).toEqual([]);
    expect(later.own).toHaveLength(1);
    expect(later.ownTo).toBe(1);
  });

  it('knows no stranger, and no other replica under a known token', async () => {
    const em = await server.phone(await server.person('phuong-mau'));
    const stranger = await server.phone({ ...em.identity, token: `phuong-mau.${'A'.repeat(43)}` });
    await expect(stranger.ask()).rejects.toThrow('unknown_token');
    const elsewhere = await server.phone({ ...em.identity, replica: server.make.id() });
    await expect(elsewhere.ask()).rejects.toThrow('unknown_token');
    const abroad = await server.phone({
      ...em.identity,
      token: em.identity.token.replace('phuong-mau', 'phuong-khac'),
    });
    await expect(abroad.ask()).rejects.toThrow('unknown_token');
  });
});
