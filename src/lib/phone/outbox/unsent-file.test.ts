import { describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import { testForm, testPhone } from '../../../../tests/support/phone/test-phone.ts';
import { testWorld } from '../../../../tests/support/phone/test-world.ts';
import { sha256, utf8 } from '../../kernel/bytes.ts';
import { type UnsentFile, unsentMac } from '../../protocol/unsent-file.ts';
import { logAssist } from '../commands/log-assist.ts';
import { deliver } from '../courier/deliver.ts';
import { carryUnsentFile, makeUnsentFile } from './unsent-file.ts';

describe('I2 the unsent file', () => {
  it('holds the very bytes of the outbox, under a MAC that only the owner and the server can make, and no token', async () => {
    const phone = await testPhone();
    await logAssist(phone, testForm());
    const made = await makeUnsentFile(phone.db);
    if (!made.ok) throw new Error(made.error.kind);
    const file = JSON.parse(made.value) as UnsentFile;
    const [entry] = await phone.db.strict.outbox.toArray();
    expect(file.envelopes).toEqual([
      { seq: 1, id: entry!.id, plain: entry!.plain, sealed: entry!.sealed, key: 'key-1' },
    ]);
    expect(file.keys.map(({ key }) => key)).toEqual(['key-1']);
    expect(made.value).not.toContain(phone.token.split('.')[1]);
    expect(made.value).not.toContain('lệ phí');
    expect(file.mac).toBe(await unsentMac(await sha256(utf8(phone.token)), file));
  });

  it('still holds, whole, what no network let through after its empty envelope has been heard', async () => {
    const phone = await testPhone();
    const ward = PlainWard.knowing(phone);
    const saved = await logAssist(phone, testForm());
    if (!saved.ok) throw new Error('not saved');
    await phone.db.strict.outbox.update(saved.value.mutation, { givesUp: true });
    await deliver({ db: phone.db, world: testWorld(phone, ward) });
    await logAssist(phone, testForm());
    const entries = await phone.db.strict.outbox.orderBy('place').toArray();
    expect(entries.map((entry) => entry.outcome?.is)).toEqual(['given_up', undefined]);
    const made = await makeUnsentFile(phone.db);
    const file = JSON.parse(made.ok ? made.value : '{}') as UnsentFile;
    expect(file.envelopes.map(({ seq, plain }) => ({ seq, plain }))).toEqual(
      entries.map(({ seq, plain }) => ({ seq, plain })),
    );
  });

  it('says when nothing waits', async () => {
    const phone = await testPhone();
    expect(await makeUnsentFile(phone.db)).toEqual({ ok: false, error: { kind: 'nothing_waits' } });
  });

  it("carries another's file unaltered under the carrier's own token", async () => {
    const owner = await testPhone();
    const carrier = await testPhone({ seed: 60 });
    await logAssist(owner, testForm());
    const made = await makeUnsentFile(owner.db);
    const text = made.ok ? made.value : '';
    let body: unknown;
    const carried = await carryUnsentFile(text, carrier.db, (_url, init) => {
      body = init.body;
      expect(new Headers(init.headers).get('authorization')).toBe(`Bearer ${carrier.token}`);
      return Promise.resolve(
        new Response('{"problem":null,"taken":1}', { headers: { 'x-xks-protocol': '1' } }),
      );
    });
    expect(carried).toEqual({ ok: true, value: { taken: 1 } });
    expect(body).toBe(text);
  });

  it.each(['', '{}', '<html>', '{"format":"xks-unsent"}'])('does not take %j for a file', async (text) => {
    const phone = await testPhone();
    const fetch = () => Promise.reject(new Error('asked'));
    expect(await carryUnsentFile(text, phone.db, fetch)).toEqual({
      ok: false,
      error: { kind: 'not_a_file' },
    });
  });
});
