import { afterEach, describe, expect, it } from 'vitest';
import { testForm } from '../../../../tests/support/phone/test-phone.ts';
import {
  enrolWith,
  type OpenPage,
  unlocked,
  wholePhone,
} from '../../../../tests/support/phone/whole-phone.ts';
import type { PersonId } from '../../domain/record/ids.ts';
import { logAssist } from '../commands/log-assist.ts';
import { readMeta } from '../store/meta.ts';
import { openPersonal } from '../view/personal-parts.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { recordOf, recordsPage } from '../view/records.ts';

const pages: OpenPage[] = [];
afterEach(() => pages.splice(0).forEach((page) => page.close()));

async function opened() {
  const phone = await wholePhone();
  const page = await phone.load();
  pages.push(page);
  return { ...phone, page };
}

async function save(page: OpenPage, person: PersonId, note: string): Promise<string> {
  const saved = await logAssist(
    unlocked(page).phone,
    testForm({ performedBy: [person], personal: { note } }),
  );
  if (!saved.ok) throw new Error(saved.error.kind);
  return saved.value.rows[0]!;
}

/** Who wrote what the ward has taken, from each request under the token it came with. */
function authors({ ward }: Awaited<ReturnType<typeof opened>>) {
  return ward.requests.flatMap(({ replica, up }) =>
    up.map(({ plain }) => ({
      under: ward.replicas.get(replica)?.account.person,
      author: (JSON.parse(plain) as { author: string }).author,
    })),
  );
}

describe('I1 I7 what is unsent goes on its way whoever is in front', () => {
  it('two people, both locked: each under their own token, and neither sees the other’s', async () => {
    const phone = await opened();
    const { page, doors } = phone;
    const first = await enrolWith(page, 'AAAAAAAAAA', '739264');
    doors.state.offline = true;
    await save(page, first, 'của người một');
    doors.state.offline = false;
    const second = await enrolWith(page, 'BBBBBBBBBB', '508173');
    doors.state.offline = true;
    await save(page, second, 'của người hai');
    const { records } = await recordsPage(unlocked(page).phone.db, {}, null, 10);
    expect(records.map(({ row }) => row.fields['enteredBy'])).toEqual([second]);
    await page.session.lock();
    doors.state.offline = false;
    await page.session.sendNow();
    await expect.poll(() => authors(phone).length).toBe(2);
    for (const { under, author } of authors(phone)) expect(under).toBe(author);
    expect(new Set(authors(phone).map(({ author }) => author))).toEqual(new Set([first, second]));
  });

  it('signed out: kept, and still delivered; a new QR brings its owner back to it', async () => {
    const phone = await opened();
    const { page, doors, ward } = phone;
    const person = await enrolWith(page, 'AAAAAAAAAA', '739264');
    const { db } = unlocked(page).phone;
    doors.state.offline = true;
    const assist = await save(page, person, 'trước khi thoát');
    await page.session.signOut();
    expect(page.session.get().is).toBe('empty');
    expect(await unsentCount(db)).toBe(1);
    doors.state.offline = false;
    page.courier.wake('online');
    await expect.poll(() => unsentCount(db)).toBe(0);
    expect(ward.known.size).toBe(1);
    await enrolWith(page, 'CCCCCCCCCC', '508173');
    const shown = (await recordOf(unlocked(page).phone.db, 'assist', assist))!;
    expect((await openPersonal(unlocked(page).phone, shown)).values).toEqual({ note: 'trước khi thoát' });
  });

  it('the session has expired: delivered all the same, and a new one comes by signature', async () => {
    const phone = await opened();
    const { page, doors } = phone;
    const person = await enrolWith(page, 'AAAAAAAAAA', '739264');
    await expect.poll(() => unlocked(page).signedIn).toBe('yes');
    await page.session.sendNow();
    doors.state.session = null;
    const assist = await save(page, person, 'phiên đã hết');
    const { db } = unlocked(page).phone;
    await expect.poll(() => unsentCount(db)).toBe(0);
    await expect.poll(() => doors.state.session).toBe(person);
    await expect.poll(async () => (await recordOf(db, 'assist', assist))?.pending).toBe(false);
  });

  it('lost PIN: the same QR again; what waited goes under the new replica, and is there once', async () => {
    const phone = await opened();
    const { page, doors, ward } = phone;
    const person = await enrolWith(page, 'AAAAAAAAAA', '739264');
    const { db } = unlocked(page).phone;
    const before = (await readMeta(db.strict, 'replica'))!.id;
    doors.state.offline = true;
    const assist = await save(page, person, 'trước khi quên PIN');
    await page.session.lock();
    const { id, plain, sealed, key, seq } = (await db.strict.outbox.toArray())[0]!;
    ward.problem = 'slow_down';
    doors.state.offline = false;
    await enrolWith(page, 'CCCCCCCCCC', '508173');
    expect(await unsentCount(db)).toBe(1);
    // It had reached the ward under the old replica after all; only the answer had been lost.
    ward.problem = null;
    const up = [{ id, plain, sealed, key, seq }];
    ward.round({ replica: before, heardTo: 0, rowsTo: 0, receipt: null, up, keys: [], down: null });
    expect(ward.known.size).toBe(1);
    await page.session.sendNow();
    await expect.poll(() => unsentCount(db)).toBe(0);
    expect((await readMeta(db.strict, 'replica'))?.id).not.toBe(before);
    expect(ward.known.size).toBe(1);
    expect([...ward.rows.values()].filter(({ kind }) => kind === 'assist')).toHaveLength(1);
    const shown = (await recordOf(db, 'assist', assist))!;
    expect(shown.state).toBe('arrived');
    const [stored] = await db.strict.outbox.toArray();
    expect(stored).toMatchObject({ id, plain, sealed });
  });
});
