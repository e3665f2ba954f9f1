import { beforeAll, describe, expect, it } from 'vitest';
import { sealToBox } from '../../src/lib/kernel/crypto/sealed-box.ts';
import { keyAad } from '../../src/lib/protocol/bound-bytes.ts';
import type { WireRow } from '../../src/lib/protocol/round.ts';
import { testDatabase } from '../support/database.ts';
import { memoryServer } from '../support/sync-memory.ts';
import { rowIdOf } from '../support/sync-mutations.ts';
import { WirePhone } from '../support/sync-phone.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import { type SyncServer, WARD } from '../support/sync-ward.ts';

describe.each(['postgres', 'memory'] as const)(
  'I7 rows come down under a vouched key only, on %s',
  (kind) => {
    let server: SyncServer;
    beforeAll(async () => {
      server = kind === 'postgres' ? await postgresServer(await testDatabase(), 8) : await memoryServer(8);
      await server.foundWard(WARD);
    });

    const dataKeys = (person: string) => server.world.store.read(WARD, (tx) => tx.dataKeys(person as never));

    /** A phone with one name on it, and what a copy of its disk holds: token and cookie, not the key. */
    async function copied() {
      const phone = await server.phone(await server.person(WARD));
      const log = server.make.log(phone.identity, {}, { personal: ['residentName'] });
      await phone.save(log, { [rowIdOf(log)]: { residentName: 'Lò Thị Mẩy' } });
      const own = (await phone.round()).own[0] as WireRow;
      expect(await phone.open(own)).toEqual({ residentName: 'Lò Thị Mẩy' });
      const thief = new WirePhone(server.world, phone.identity, server.random);
      await thief.makeKey();
      return { phone, thief, row: rowIdOf(log) };
    }

    it('a copied token and cookie name a key of their own: no row, and the phone’s key stays the one that is kept', async () => {
      const { phone, thief, row } = await copied();
      const before = await dataKeys(phone.identity.person);
      thief.vouched = await phone.keyMark();
      const answer = await thief.ask();
      expect(answer).toMatchObject({ problem: 'unknown_key', own: [], down: null });
      expect(JSON.stringify(answer)).not.toContain(row);
      expect(await dataKeys(phone.identity.person)).toEqual(before);
      expect((await phone.ask()).problem).toBeNull();
    });

    it('a session whose device vouched for none brings none; without a wish for names rows come without them', async () => {
      const { phone } = await copied();
      phone.vouched = '';
      expect(await phone.ask()).toMatchObject({ problem: 'unknown_key', own: [], down: null });
      phone.keys = [];
      phone.rowsTo = 0;
      const plain = await phone.ask();
      expect(plain.own).toHaveLength(1);
      expect((plain.own[0] as WireRow).sealed).toEqual({});
    });

    it('keeps no more keys than a person can have come by', async () => {
      const { phone } = await copied();
      const { person, device } = phone.identity;
      const { id, publicKey } = server.world.keys.deliveryKey;
      for (let batch = 0; batch < 4; batch++) {
        const made = Array.from({ length: 19 }, async (_, at) => {
          const key = `x${batch}-${at}`;
          const box = await sealToBox(publicKey, server.random.bytes(32), keyAad(person, device, key));
          return { key, to: id, box: box ?? '' };
        });
        const own = phone.keys.slice(0, 1);
        phone.keys = [...own, ...(await Promise.all(made))];
        await phone.ask();
        phone.keys = own;
      }
      expect(await dataKeys(person)).toHaveLength(50);
      expect((await phone.ask()).problem).toBeNull();
    });
  },
);
