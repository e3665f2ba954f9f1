import { beforeAll, describe, expect, it } from 'vitest';
import type { RoundAnswer } from '../../src/lib/protocol/round.ts';
import { testDatabase } from '../support/database.ts';
import { memoryServer } from '../support/sync-memory.ts';
import { rowIdOf } from '../support/sync-mutations.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import { type SyncServer, WARD } from '../support/sync-ward.ts';

const outcomes = (answer: RoundAnswer): unknown[] => answer.settled.map((each) => each.outcome);
const is = (answer: RoundAnswer): string[] => answer.settled.map((each) => each.outcome.is);

describe.each(['postgres', 'memory'] as const)('carried on %s', (kind) => {
  let server: SyncServer;
  beforeAll(async () => {
    server = kind === 'postgres' ? await postgresServer(await testDatabase(), 4) : await memoryServer(4);
    await server.foundWard(WARD);
  });

  describe('unsent file', () => {
    it('is taken as its owner own delivery, once, whoever carries it', async () => {
      const ann = await server.phone(await server.person(WARD));
      const bob = await server.phone(await server.person(WARD));
      await ann.save(server.make.log(ann.identity));
      await ann.save(server.make.log(ann.identity));
      const file = await ann.unsentFile();
      expect(await bob.carry(file)).toEqual({ problem: null, taken: 2 });
      expect(await bob.carry(file)).toEqual({ problem: null, taken: 2 });
      expect(
        await bob.carry({ ...file, mac: file.mac.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) }),
      ).toMatchObject({
        problem: 'altered',
      });
      expect(is(await ann.round())).toEqual(['applied', 'applied']);
    });

    it('brings the bytes of a seq that had been given up', async () => {
      const ann = await server.phone(await server.person(WARD));
      const bob = await server.phone(await server.person(WARD));
      const envelope = await ann.save(server.make.log(ann.identity));
      const file = await ann.unsentFile();
      const given = await ann.ask({ up: [{ ...envelope, plain: '', sealed: null, key: null }] });
      expect(is(given)).toEqual(['given_up']);
      ann.take(given);
      expect(await bob.carry(file)).toEqual({ problem: null, taken: 1 });
      expect((await ann.round()).resettled.map((each) => each.outcome.is)).toEqual(['applied']);
      expect(await bob.carry(file)).toEqual({ problem: null, taken: 1 });
    });

    it('brings them also beside later ones, some of which have arrived meanwhile', async () => {
      const ann = await server.phone(await server.person(WARD));
      const bob = await server.phone(await server.person(WARD));
      const first = await ann.save(server.make.log(ann.identity));
      ann.take(await ann.ask({ up: [{ ...first, plain: '', sealed: null, key: null }] }));
      for (let at = 0; at < 6; at++) await ann.save(server.make.log(ann.identity));
      await ann.ask();
      await ann.save(server.make.log(ann.identity));
      const late = ann.outbox.filter(({ seq }) => seq === 1 || seq >= 7);
      const file = await ann.unsentFile(late);
      expect(await bob.carry(file)).toEqual({ problem: null, taken: 3 });
      const answer = await ann.round();
      expect(is(answer)).toEqual(Array(7).fill('applied'));
      expect(answer.resettled.map((each) => each.outcome.is)).toEqual(['applied']);
    });
  });
});

describe.each(['postgres', 'memory'] as const)('I8 restore on %s', (kind) => {
  let server: SyncServer;
  beforeAll(async () => {
    server = kind === 'postgres' ? await postgresServer(await testDatabase(), 3) : await memoryServer(3);
    await server.foundWard(WARD);
  });

  it('is proven by a receipt alone; then phones bring again what was forgotten, and strangers wait for them', async () => {
    const lead = await server.phone(await server.person(WARD, { role: 'team_lead' }));
    const helper = await server.phone(await server.person(WARD, { team: lead.identity.team }));
    const log = server.make.log(helper.identity);
    const row = rowIdOf(log);
    const early = server.make.log(lead.identity);
    await lead.save(early);
    await lead.round();
    const restore = await server.backup();
    await helper.save(log);
    await helper.round();
    await lead.round();
    const edit = server.make.edit(lead.identity, row, { minutes: [99, log.id] });
    await lead.save(edit);
    const before = await lead.round();
    await restore();

    // The lead comes first: his edit names a visit that the tables have forgotten.
    const proof = await lead.ask();
    expect(proof.epoch).not.toBe(before.epoch);
    expect(proof.lastSeq).toBe(1);
    lead.take(proof);
    expect((await lead.ask({ up: [] })).epoch).toBe(proof.epoch);
    lead.heardTo = proof.lastSeq;
    const waiting = await lead.round({ up: lead.outbox.slice(1) });
    expect(outcomes(waiting)).toEqual([{ is: 'waiting', for: `assist/${row}` }]);

    const anew = await helper.ask({ up: [] });
    expect(anew).toMatchObject({ epoch: proof.epoch, lastSeq: 0 });
    helper.heardTo = 0;
    helper.receipt = anew.receipt;
    const again = await helper.round({ up: helper.outbox });
    expect(is(again)).toEqual(['applied']);
    const final = await lead.round();
    expect(final.resettled.map(({ id, outcome }) => [id, outcome.is])).toEqual([[edit.id, 'applied']]);
    const rows = await server.rows(WARD);
    expect(rows.find((each) => each.id === row)?.fields['minutes']).toBe(99);
  });

  it('is proven also by a claim that lies within the first commit of tables put back to nothing', async () => {
    const anew = kind === 'postgres' ? await postgresServer(await testDatabase(), 5) : await memoryServer(5);
    await anew.foundWard(WARD);
    const ann = await anew.phone(await anew.person(WARD));
    const bob = await anew.phone(await anew.person(WARD));
    const restore = await anew.backup();
    // Refused: one version. What comes instead after the restore makes two rows, in versions 1 and 2.
    await ann.save(anew.make.log({ ...ann.identity, team: anew.make.id() }));
    const before = await ann.round();
    await restore();
    await bob.save(anew.make.log(bob.identity));
    await bob.save(anew.make.log(bob.identity));
    expect(is(await bob.round())).toEqual(['applied', 'applied']);
    expect((await ann.ask({ up: [] })).epoch).not.toBe(before.epoch);
  });

  it('is proven also in an epoch between two restores, which the tables had forgotten and the phone has left', async () => {
    const anew = kind === 'postgres' ? await postgresServer(await testDatabase(), 6) : await memoryServer(6);
    await anew.foundWard(WARD);
    const ann = await anew.phone(await anew.person(WARD));
    const restored = async (restore: () => Promise<void>, id: string): Promise<void> => {
      await restore();
      const [present] = await anew.world.store.epochs();
      const after = present?.place ?? 0;
      await anew.world.store.takeEpoch({ after, id, why: 'restore', at: anew.clock.now() });
      ann.take(await ann.ask());
    };
    const old = await anew.backup();
    await restored(old, 'between');
    const between = await anew.backup();
    await restored(old, 'after');
    ann.take(await ann.ask());
    // A machine put back to an earlier day, without the command that would have begun an epoch.
    await between();
    expect(['between', 'after']).not.toContain((await ann.ask()).epoch);
  });

  it('is not proven by a foreign, forged or older claim', async () => {
    const ann = await server.phone(await server.person(WARD));
    await ann.save(server.make.log(ann.identity));
    const first = await ann.round();
    const honest = first.receipt;
    for (const receipt of [`${honest}x`, honest.replace(/\.[^.]*\./, '.e30.'), 'a.b.c', null]) {
      ann.receipt = receipt;
      expect((await ann.ask()).epoch).toBe(first.epoch);
    }
  });

  /** A visit that both know, and the helper's edit of it, which the restored ward has not been brought yet. */
  async function withForgottenEdit() {
    const lead = await server.phone(await server.person(WARD, { role: 'team_lead' }));
    const helper = await server.phone(await server.person(WARD, { team: lead.identity.team }));
    const log = server.make.log(helper.identity);
    await helper.save(log);
    await helper.round();
    const forgotten = server.make.edit(helper.identity, rowIdOf(log), { minutes: [20, log.id] });
    return { lead, helper, log, forgotten };
  }

  it('lets an edit wait for the one whose value its author saw', async () => {
    const { lead, helper, log, forgotten } = await withForgottenEdit();
    const edit = server.make.edit(lead.identity, rowIdOf(log), { minutes: [30, forgotten.id] });
    await lead.save(edit);
    expect(outcomes(await lead.round())).toEqual([{ is: 'waiting', for: forgotten.id }]);
    await helper.save(forgotten);
    await helper.round();
    expect((await lead.round()).resettled.map(({ id, outcome }) => [id, outcome])).toEqual([
      [edit.id, { is: 'applied', flags: [], clashes: 0 }],
    ]);
    expect((await server.rows(WARD)).find((row) => row.id === rowIdOf(log))?.fields['minutes']).toBe(30);
  });

  it('lets what stands on a waiting edit wait too, also where a lost answer brings both again', async () => {
    const { lead, helper, log, forgotten } = await withForgottenEdit();
    const first = server.make.edit(lead.identity, rowIdOf(log), { minutes: [30, forgotten.id] });
    const second = server.make.edit(lead.identity, rowIdOf(log), { minutes: [40, first.id] });
    await lead.save(first);
    await lead.ask();
    await lead.save(second);
    const waiting = { is: 'waiting', for: forgotten.id };
    expect(outcomes(await lead.round())).toEqual([waiting, waiting]);
    await helper.save(forgotten);
    await helper.round();
    const row = (await server.rows(WARD)).find(({ id }) => id === rowIdOf(log));
    expect([row?.fields['minutes'], row?.clashes]).toEqual([40, []]);
  });

  it('judges what still waits when thirty days are over', async () => {
    const ann = await server.phone(await server.person(WARD));
    const orphan = server.make.edit(ann.identity, server.make.id(), { minutes: [5, server.make.id()] });
    await ann.save(orphan);
    expect(is(await ann.round())).toEqual(['waiting']);
    server.clock.advance(31 * 86_400_000);
    await ann.save(server.make.log(ann.identity));
    const answer = await ann.round();
    expect(answer.resettled.map(({ id, outcome }) => [id, outcome])).toEqual([
      [orphan.id, { is: 'refused', code: 'malformed' }],
    ]);
  });
});
