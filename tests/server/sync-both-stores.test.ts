import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { QuarantinedRow, RoundAnswer, WireRow } from '../../src/lib/protocol/round.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';
import { memoryServer } from '../support/sync-memory.ts';
import { rowIdOf } from '../support/sync-mutations.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import { type SyncServer, WARD } from '../support/sync-ward.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

const outcomes = (answer: RoundAnswer): unknown[] => answer.settled.map((each) => each.outcome);
const is = (answer: RoundAnswer): string[] => answer.settled.map((each) => each.outcome.is);

/** Every promise below is asked of both stores: what the simulator's long runs say is then said of PostgreSQL too. */
describe.each(['postgres', 'memory'] as const)('one server on %s', (kind) => {
  let server: SyncServer;
  beforeAll(async () => {
    server = kind === 'postgres' ? await postgresServer(db, 2) : await memoryServer(2);
    await server.foundWard(WARD);
  });

  describe('I5 clashes', () => {
    it('keeps both values of one field, merges different fields, and settles by a person', async () => {
      const lead = await server.phone(await server.person(WARD, { role: 'team_lead' }));
      const helper = await server.phone(await server.person(WARD, { team: lead.identity.team }));
      const log = server.make.log(helper.identity);
      const row = rowIdOf(log);
      await helper.save(log);
      await helper.round();
      await lead.round();
      await helper.save(
        server.make.edit(helper.identity, row, { minutes: [20, log.id], channel: ['desk', log.id] }),
      );
      const late = server.make.edit(lead.identity, row, {
        minutes: [30, log.id],
        subject: ['other', log.id],
      });
      await helper.round();
      await lead.save(late);
      const answer = await lead.round();
      expect(outcomes(answer)).toEqual([{ is: 'applied', flags: [], clashes: 1 }]);
      const standing = answer.own[0] as WireRow;
      expect(standing.fields).toMatchObject({ minutes: 20, channel: 'desk', subject: 'other' });
      expect(standing.clashes).toMatchObject([{ field: 'minutes', late: late.id, value: 30, settled: null }]);
      const settle = server.make.of(lead.identity, 'clash.settle', [
        { row: 'assist', id: row, settle: [{ field: 'minutes', late: late.id, take: 'late' }] } as never,
      ]);
      await lead.save(settle);
      const settled = (await lead.round()).own[0] as WireRow;
      expect(settled.fields['minutes']).toBe(30);
      expect(settled.clashes[0]?.settled).toMatchObject({ by: settle.id, take: 'late', lost: { value: 20 } });
    });
  });

  describe('I6 refused is not gone', () => {
    it('holds what stands on a refused one, and judges it in order once that is mended', async () => {
      const ann = await server.phone(await server.person(WARD));
      const bad = server.make.log({ ...ann.identity, team: server.make.id() });
      const row = rowIdOf(bad);
      await ann.save(bad);
      const held = server.make.edit(ann.identity, row, { minutes: [40, bad.id] });
      await ann.save(held);
      await ann.save(server.make.log(ann.identity));
      const first = await ann.round();
      expect(outcomes(first)).toEqual([
        { is: 'refused', code: 'not_yours' },
        { is: 'held', behind: bad.id },
        { is: 'applied', flags: [], clashes: 0 },
      ]);
      const kept = first.down?.buckets
        .flatMap((page) => page.rows)
        .filter((each) => each.kind === 'quarantined');
      expect(kept?.map((each) => each.id).sort()).toEqual([bad.id, held.id].sort());
      const mend = { ...server.make.log(ann.identity, {}, { assist: row }), mends: bad.id };
      await ann.save(mend);
      const later = server.make.edit(ann.identity, row, { minutes: [50, held.id] });
      await ann.save(later);
      const second = await ann.round();
      expect(outcomes(second)).toEqual([
        { is: 'applied', flags: [], clashes: 0 },
        { is: 'applied', flags: [], clashes: 0 },
      ]);
      expect(second.resettled.map((each) => [each.id, each.outcome.is])).toEqual([[held.id, 'applied']]);
      const standing = second.own.find((each) => each.id === row) as WireRow;
      expect(standing.fields['minutes']).toBe(50);
      const gone = second.down?.buckets.flatMap((page) => page.gone).map((each) => each.id);
      expect(gone?.sort()).toEqual([bad.id, held.id].sort());
      expect((await ann.round()).resettled).toEqual([]);
    });

    it('lets go of what stood on a discarded one, and keeps it for a decision', async () => {
      const ann = await server.phone(await server.person(WARD));
      const bad = server.make.log({ ...ann.identity, team: server.make.id() });
      await ann.save(bad);
      const held = server.make.edit(ann.identity, rowIdOf(bad), { minutes: [40, bad.id] });
      await ann.save(held);
      await ann.round();
      await ann.save(server.make.of(ann.identity, 'record.discard', [], bad.id));
      const answer = await ann.round();
      expect(is(answer)).toEqual(['applied']);
      expect(answer.resettled.map(({ id, outcome }) => [id, outcome])).toEqual([
        [held.id, { is: 'refused', code: 'discarded' }],
      ]);
      const open = (await server.quarantine(WARD)).filter(
        (entry) => entry.person === ann.identity.person && entry.settled === null,
      );
      expect(open.map((entry) => entry.id)).toEqual([held.id]);
    });

    it('gives a newly enrolled phone its author refused records, with their names', async () => {
      const ann = await server.phone(await server.person(WARD));
      const bad = server.make.log(
        { ...ann.identity, team: server.make.id() },
        {},
        { personal: ['residentName'] },
      );
      await ann.save(bad, { [rowIdOf(bad)]: { residentName: 'Lê Văn Mẫu' } });
      await ann.round();
      const anew = await server.phone(await server.enrolAgain(ann.identity));
      const answer = await anew.round();
      const rows = answer.down?.buckets.flatMap((page) => page.rows) ?? [];
      const entry = rows.find((each) => each.id === bad.id) as QuarantinedRow;
      expect(entry).toMatchObject({
        kind: 'quarantined',
        plain: JSON.stringify(bad),
        outcome: { is: 'refused', code: 'not_yours' },
      });
      expect(await anew.openQuarantined(entry)).toEqual({ [rowIdOf(bad)]: { residentName: 'Lê Văn Mẫu' } });
    });

    it.each([
      ['a row that is none', (long: string) => ({ resident: null, row: long })],
      ['a row with a NUL', () => ({ resident: null, row: 'a\u0000b' })],
      ['a resident that is none', (long: string) => ({ resident: long, row: null })],
    ])('puts aside what it may not hold, also under %s, and goes on behind it', async (_, bent) => {
      const ann = await server.phone(await server.person(WARD));
      const long = randomBytes(12_000).toString('base64');
      const { resident, row } = bent(long);
      const given = { team: server.make.id(), ...(resident === null ? {} : { resident }) };
      const foreign = server.make.log(ann.identity, given, { personal: ['note'] });
      await ann.save(foreign, { [row ?? rowIdOf(foreign)]: { note: 'Ghi chú.' } });
      await ann.save(server.make.log(ann.identity));
      expect(is(await ann.round())).toEqual(['refused', 'applied']);
    });

    it('keeps what it cannot read, what is of a newer release, and what it cannot open', async () => {
      const ann = await server.phone(await server.person(WARD));
      const odd = server.make.log(ann.identity);
      const [a, b, c, d] = [server.make.id(), server.make.id(), server.make.id(), server.make.id()];
      const name = server.make.log(ann.identity, {}, { personal: ['note'] });
      const sealed = await ann.save(name, { [rowIdOf(name)]: { note: 'bí mật' } });
      const up = [
        { seq: 1, id: odd.id, plain: '{"half', sealed: null, key: null },
        {
          seq: 2,
          id: a as never,
          plain: JSON.stringify({ ...odd, id: a, kind: 'quiz.submit' }),
          sealed: null,
          key: null,
        },
        {
          seq: 3,
          id: b as never,
          plain: JSON.stringify({ ...odd, id: b }).replace('"v":1', '"__proto__":{"x":1},"v":1'),
          sealed: null,
          key: null,
        },
        {
          seq: 4,
          id: c as never,
          plain: JSON.stringify({ ...odd, id: c, ward: 'a\u0000b' }),
          sealed: null,
          key: null,
        },
        { ...sealed, seq: 5, key: 'no-such-key' },
        { seq: 6, id: d as never, plain: '', sealed: null, key: null },
      ];
      const answer = await ann.ask({ up });
      expect(outcomes(answer)).toEqual([
        { is: 'refused', code: 'malformed' },
        { is: 'unknown_kind' },
        { is: 'refused', code: 'malformed' },
        { is: 'refused', code: 'malformed' },
        { is: 'refused', code: 'unopenable' },
        { is: 'given_up' },
      ]);
      const kept = (await server.quarantine(WARD)).filter((entry) => entry.person === ann.identity.person);
      expect(kept.map((entry) => entry.plain).sort()).toEqual(up.map((envelope) => envelope.plain).sort());
      expect(kept.find((entry) => entry.id === name.id)).toMatchObject({
        asSent: true,
        sealed: sealed.sealed,
      });
      expect((await ann.ask({ up })).settled).toEqual(answer.settled);
    });
  });

  describe('I2 forks and copies', () => {
    it('answers what it knows from another replica of the account with the first outcome', async () => {
      const ann = await server.phone(await server.person(WARD));
      for (let i = 0; i < 3; i++) await ann.save(server.make.log(ann.identity));
      await ann.ask({ up: ann.outbox.slice(0, 2) });
      const fork = await server.phone(await server.enrolAgain(ann.identity));
      fork.outbox.push(...ann.outbox);
      const answer = await fork.round();
      expect(is(answer)).toEqual(['applied', 'applied', 'applied']);
      expect(answer.own).toHaveLength(3);
      const rows = (await server.rows(WARD)).filter((row) => row.fields['enteredBy'] === ann.identity.person);
      expect(rows).toHaveLength(3);
    });

    it('never matches the ids of another account, and lets nobody write over them', async () => {
      const ann = await server.phone(await server.person(WARD));
      const log = server.make.log(ann.identity);
      const envelope = await ann.save(log);
      const thief = await server.phone(await server.person(WARD));
      expect(outcomes(await thief.ask({ up: [envelope] }))).toEqual([{ is: 'refused', code: 'not_yours' }]);
      expect(is(await ann.round())).toEqual(['applied']);
      const copy = { ...server.make.log(thief.identity), id: log.id };
      const again = await thief.ask({
        up: [envelope, { seq: 2, id: log.id, plain: JSON.stringify(copy), sealed: null, key: null }],
      });
      expect(is(again)).toEqual(['refused', 'refused']);
      const second = await server.phone(await server.person(WARD));
      const other = { ...server.make.log(second.identity), id: log.id };
      expect(
        outcomes(
          await second.ask({
            up: [{ seq: 1, id: log.id, plain: JSON.stringify(other), sealed: null, key: null }],
          }),
        ),
      ).toEqual([{ is: 'refused', code: 'malformed' }]);
    });

    it('stops at a gap and at a fork, settles nothing of them, and goes on once they are gone', async () => {
      const ann = await server.phone(await server.person(WARD));
      for (let i = 0; i < 4; i++) await ann.save(server.make.log(ann.identity));
      const [one, two, three, four] = ann.outbox;
      if (!one || !two || !three || !four) throw new Error('four were saved');
      expect(await ann.ask({ up: [one, three, four] })).toMatchObject({ problem: 'gap', lastSeq: 1 });
      const strange = server.make.log(ann.identity);
      for (const fork of [
        { ...one, id: strange.id, plain: JSON.stringify(strange) },
        { ...one, plain: `${one.plain} ` },
      ]) {
        expect(await ann.ask({ up: [fork, two] })).toMatchObject({ problem: 'forked', lastSeq: 1 });
      }
      expect(await ann.ask({ up: [one, two, two, three, four] })).toMatchObject({
        problem: null,
        lastSeq: 4,
      });
    });
  });

  describe('I7 only yours', () => {
    it('drains a revoked phone into quarantine, acknowledges, and gives nothing down', async () => {
      const ann = await server.phone(await server.person(WARD));
      await ann.save(server.make.log(ann.identity));
      await ann.round();
      await ann.save(server.make.log(ann.identity, {}, { personal: ['note'] }), null);
      const named = server.make.log(ann.identity, {}, { personal: ['note'] });
      await ann.save(named, { [rowIdOf(named)]: { note: 'x' } });
      await server.revoke(ann.identity);
      const answer = await ann.round();
      expect(answer).toMatchObject({ problem: 'revoked', lastSeq: 3, down: null, own: [], signedIn: false });
      expect(outcomes(answer)).toEqual([
        { is: 'refused', code: 'revoked' },
        { is: 'refused', code: 'revoked' },
      ]);
      const kept = (await server.quarantine(WARD)).find((entry) => entry.id === named.id);
      expect(kept).toMatchObject({ plain: JSON.stringify(named), asSent: false });
      expect(kept?.sealed).not.toBeNull();
    });

    it('honours a grant ended by transfer, not one ended by revocation', async () => {
      const ann = await server.phone(await server.person(WARD));
      const before = server.make.log(ann.identity);
      const moved = { ...ann.identity, grant: server.make.id(), team: server.make.id() };
      await server.grant(moved, 'helper', 'transfer');
      await ann.save(before);
      await ann.save(server.make.log({ ...moved, team: ann.identity.team }));
      await ann.save(server.make.log(moved));
      expect(is(await ann.round())).toEqual(['applied', 'refused', 'applied']);
      await server.grant({ ...moved, grant: server.make.id() }, 'helper', 'revocation');
      await ann.save(server.make.log(moved));
      expect(outcomes(await ann.round())).toEqual([{ is: 'refused', code: 'revoked' }]);
    });

    it('drops a bucket that is no longer granted and pulls a new one from the start', async () => {
      const lead = await server.phone(await server.person(WARD, { role: 'team_lead' }));
      const helper = await server.phone(await server.person(WARD, { team: lead.identity.team }));
      await helper.save(server.make.log(helper.identity));
      await helper.round();
      const first = await lead.round();
      const team = `team:${lead.identity.team}`;
      expect(first.down?.buckets.find((page) => page.bucket === team)?.rows).toHaveLength(1);
      await server.grant({ ...lead.identity, grant: server.make.id() }, 'helper');
      const second = await lead.round();
      expect(second.down?.dropped).toEqual([team]);
      await server.grant({ ...lead.identity, grant: server.make.id() }, 'team_lead');
      const third = await lead.round();
      expect(third.down?.buckets.find((page) => page.bucket === team)).toMatchObject({ fromStart: true });
    });

    it('moves a row with its filings, and leaves tombstones', async () => {
      const ann = await server.phone(await server.person(WARD));
      const bob = await server.phone(await server.person(WARD, { team: ann.identity.team }));
      const log = server.make.log(ann.identity, { performedBy: [ann.identity.person, bob.identity.person] });
      const row = rowIdOf(log);
      await ann.save(log);
      await ann.save(server.make.filing(ann.identity, row));
      await ann.round();
      const seen = await bob.round();
      expect(
        seen.down?.buckets
          .flatMap((page) => page.rows)
          .map((each) => each.kind)
          .sort(),
      ).toEqual(['assist', 'filing']);
      await ann.save(server.make.edit(ann.identity, row, { performedBy: [[ann.identity.person], log.id] }));
      await ann.round();
      const left = await bob.round();
      expect(
        left.down?.buckets
          .flatMap((page) => page.gone)
          .map((each) => each.kind)
          .sort(),
      ).toEqual(['assist', 'filing']);
      expect(left.down?.buckets.flatMap((page) => page.rows)).toEqual([]);
    });
  });

  describe('I3 paging', () => {
    it('brings every row once its bucket is through, wherever a page ends, while others write', async () => {
      const ann = await server.phone(await server.person(WARD));
      const other = await server.phone(await server.enrolAgain(ann.identity));
      for (let i = 0; i < 23; i++) await ann.save(server.make.log(ann.identity));
      await ann.round({ down: false });
      const held = new Map<string, number>();
      const bucket = `person:${ann.identity.person}`;
      let written = 23;
      for (let more = true; more;) {
        const answer = await other.round({ limit: 4 });
        const page = answer.down?.buckets.find((each) => each.bucket === bucket);
        for (const row of page?.rows ?? []) {
          expect(row.version).toBeGreaterThan(held.get(row.id) ?? 0);
          held.set(row.id, row.version);
        }
        more = page?.more ?? true;
        if (written++ < 30) {
          await ann.save(server.make.log(ann.identity));
          await ann.round({ down: false });
        }
      }
      const rows = (await server.rows(WARD)).filter((row) => row.fields['enteredBy'] === ann.identity.person);
      expect(held.size).toBe(rows.length);
      for (const row of rows) expect(held.get(row.id)).toBe(row.version);
    });

    it('may cut a page within one commit', async () => {
      const ann = await server.phone(await server.person(WARD));
      const other = await server.phone(await server.enrolAgain(ann.identity));
      await other.round();
      for (let i = 0; i < 9; i++) await ann.save(server.make.log(ann.identity));
      await ann.round({ down: false });
      const seen: string[] = [];
      for (let more = true; more;) {
        const page = (await other.round({ limit: 4 })).down?.buckets.find((each) =>
          each.bucket.startsWith('person:'),
        );
        seen.push(...(page?.rows ?? []).map((row) => row.id));
        more = page?.more ?? false;
      }
      expect(seen.sort()).toEqual(
        ann.outbox.map((envelope) => rowIdOf(JSON.parse(envelope.plain) as never)).sort(),
      );
    });

    it('starts a bucket anew for a forged, foreign or damaged cursor, and changes nothing', async () => {
      const ann = await server.phone(await server.person(WARD));
      const bob = await server.phone(await server.person(WARD));
      const first = await ann.round();
      await bob.round();
      const bucket = `person:${ann.identity.person}`;
      const own = ann.cursors[bucket] ?? '';
      const foreign = bob.cursors[`person:${bob.identity.person}`] ?? '';
      for (const cursor of [foreign, `${own}x`, 'nonsense', own.replace(/^[^.]*/, 'other')]) {
        ann.cursors[bucket] = cursor;
        const answer = await ann.ask();
        expect(answer.epoch).toBe(first.epoch);
        expect(answer.down?.buckets.find((page) => page.bucket === bucket)?.fromStart).toBe(true);
      }
    });
  });
});
