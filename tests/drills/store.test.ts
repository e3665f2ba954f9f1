import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  chromiumEngine,
  type DrillBrowser,
  type Engine,
  firefoxEngine,
  newProfile,
  type Tab,
} from './engines.ts';
import { type PageSite, startPageSite } from './page-site.ts';

const firefox = firefoxEngine();
if (firefox === null)
  process.stdout.write('no Firefox here: the storage tests of the second engine are skipped\n');
const engines: readonly (readonly [Engine['name'], Engine | null])[] = [
  ['chromium', chromiumEngine()],
  ['firefox', firefox],
];

/** The production store, outbox and courier on the real IndexedDB and Web Locks of two engines. */
describe.each(engines)('I1 I2 R10 E1 the phone’s storage in %s', (_name, engine) => {
  let site: PageSite;
  let browser: DrillBrowser;
  let profile: ReturnType<typeof newProfile>;

  beforeAll(async () => {
    if (engine === null) return;
    profile = newProfile();
    site = await startPageSite();
    browser = await engine.open(profile.path, site.origin);
  });
  afterAll(async () => {
    if (engine === null) return;
    await browser.close();
    await site.close();
    profile.remove();
  });

  const open: Tab[] = [];
  const newTab = async (): Promise<Tab> => {
    const tab = await browser.tab();
    open.push(tab);
    return tab;
  };
  /** A phone that was just enrolled and holds so many saves, in a tab of its own. */
  const enrolled = async (saves = 0): Promise<Tab> => {
    const tab = await newTab();
    await tab.call('watchTransactions');
    const { replica, token, account } = await tab.call('enrol');
    site.ward.enrol(replica, token, account);
    await tab.call('open');
    expect(await tab.call('saveMany', saves)).toHaveLength(saves);
    return tab;
  };
  const second = async (): Promise<Tab> => {
    const tab = await newTab();
    await tab.call('open');
    return tab;
  };
  beforeEach((context) => {
    if (engine === null) context.skip('no Firefox on this machine and none to install');
  });
  afterEach(async () => {
    // Whichever tab is still open empties the origin; the others' connections give way.
    for (const tab of open) await tab.call('forget').catch(() => undefined);
    for (const tab of open.splice(0)) await tab.close().catch(() => undefined);
    site.ward.requests.length = 0;
  });

  it('I1 row and mutation are committed in one strict transaction', async () => {
    const tab = await enrolled();
    await tab.call('transactions');
    expect(await tab.call('save')).toMatchObject({ ok: true });
    const written = (await tab.call('transactions')).filter(({ mode }) => mode === 'readwrite');
    expect(written).toHaveLength(1);
    expect(written[0]?.durability).toBe('strict');
    expect(written[0]?.stores).toEqual(expect.arrayContaining(['rows', 'outbox', 'meta', 'drafts']));
    expect(await tab.call('kept')).toMatchObject({ nextSeq: 2, faults: [] });
  });

  it('I1 sealing and opening never keep a transaction waiting: a whole day of the phone', async () => {
    const tab = await enrolled();
    expect(await tab.call('dayOfAPhone')).toEqual([
      'draft ok',
      'read draft ok',
      'log ok',
      'edit ok',
      'opened Nguyễn Thị Hoa, sửa',
      'void ok',
      'unsent file ok',
      'round done',
      'vault ok',
    ]);
    expect((await tab.call('kept')).faults).toEqual([]);
  });

  it('R10 two tabs save at once: both see all of it, in one gapless order', async () => {
    const one = await enrolled();
    const two = await second();
    const [first, later] = await Promise.all([one.call('saveMany', 20), two.call('saveMany', 20)]);
    expect(first.length + later.length).toBe(40);
    expect(await Promise.all([one.call('shows', 40), two.call('shows', 40)])).toEqual([40, 40]);
    const kept = await one.call('kept');
    expect(kept.saves.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(new Set(kept.saves.map(({ id }) => id))).toEqual(new Set([...first, ...later]));
    expect(kept.faults).toEqual([]);
  });

  it('I2 R10 one tab delivers, the other finds it busy; when the first is closed the second goes on at once', async () => {
    const one = await enrolled(3);
    const two = await second();
    const { arrived, release } = site.hold();
    const delivering = one.call('deliver', 'if_free', 200).catch((error: unknown) => String(error));
    await arrived;
    expect(await two.call('locks')).toHaveLength(1);
    expect(await two.call('deliver', 'if_free', 200)).toEqual({ is: 'busy' });
    expect(site.ward.requests).toHaveLength(0);
    await one.close();
    await delivering;
    release();
    await expect.poll(() => two.call('locks')).toEqual([]);
    expect(await two.call('deliver', 'if_free', 200)).toEqual({ is: 'done' });
    const kept = await two.call('kept');
    expect(kept.saves.map(({ phase }) => phase)).toEqual(['arrived', 'arrived', 'arrived']);
    expect(site.ward.known.size).toBeGreaterThanOrEqual(3);
    expect(new Set(site.ward.requests.flatMap(({ up }) => up.map(({ id }) => id))).size).toBe(3);
  });

  it('I2 R10 a heart that beats is never stolen from', async () => {
    const one = await enrolled(1);
    const two = await second();
    const { arrived, release } = site.hold();
    const delivering = one.call('deliver', 'if_free', 20);
    await arrived;
    expect(await two.call('isFrozen', 300)).toBe(false);
    release();
    expect(await delivering).toEqual({ is: 'done' });
  });

  it('I2 R10 one that stands still is stolen from: the late answer settles nothing twice', async () => {
    const one = await enrolled(1);
    const two = await second();
    const { arrived, release } = site.hold();
    const delivering = one.call('deliver', 'if_free', null);
    await arrived;
    const before = await two.call('lease');
    expect(await two.call('isFrozen', 30)).toBe(true);
    const stealing = two.call('deliver', 'steal', 200);
    await expect.poll(async () => (await two.call('lease'))?.holder).not.toBe(before?.holder);
    release();
    const [robbed, thief] = await Promise.all([delivering, stealing]);
    expect(thief).toEqual({ is: 'done' });
    expect(robbed).not.toEqual({ is: 'done' });
    const kept = await two.call('kept');
    expect(kept.saves.map(({ phase }) => phase)).toEqual(['arrived']);
    expect(kept.faults).toEqual([]);
    expect(await two.call('locks')).toEqual([]);
  });

  it('I1 E1 an upgrade is not held up by an open tab; the old tab only reads, and says why it does not save', async () => {
    const old = await enrolled(2);
    const updated = await newTab();
    await updated.call('upgrade');
    expect(await old.call('save')).toEqual({ ok: false, error: { kind: 'newer_app' } });
    expect(await old.call('deliver', 'if_free', 200)).toEqual({ is: 'stopped', why: 'newer_app' });
    expect((await old.call('kept')).saves).toHaveLength(2);
  });

  it('I1 storage deleted underneath an open tab: nothing more is called saved', async () => {
    const tab = await enrolled(1);
    const other = await newTab();
    await other.call('deleteStorage');
    expect(await tab.call('save')).toEqual({ ok: false, error: { kind: 'connection_lost' } });
    const fresh = await newTab();
    await fresh.call('open');
    expect(await fresh.call('kept')).toMatchObject({ saves: [], rows: [] });
    expect(await fresh.call('deliver', 'if_free', 200)).toEqual({ is: 'stopped', why: 'not_enrolled' });
  });
});

/** The whole browser killed while the page stands still inside the save's own transaction. */
describe.each(engines)('I1 kill -9 between two writes of one save in %s', (_name, engine) => {
  it('leaves all of the save or nothing, for every write there is', async ({ skip }) => {
    if (engine === null) return skip('no Firefox on this machine and none to install');
    const site = await startPageSite();
    const profile = newProfile();
    let browser = await engine.open(profile.path, site.origin);
    let tab = await browser.tab();
    await tab.call('enrol');
    let saves = 0;
    for (let write = 1; ; write++) {
      await tab.call('open');
      await tab.call('dieAtWrite', write);
      const wants = new Promise<'die'>((resolve) => {
        site.onDie = () => resolve('die');
      });
      const saved = tab.call('save').catch(() => null);
      const end = await Promise.race([wants, saved]);
      if (end === 'die') await browser.kill();
      else await browser.close();
      browser = await engine.open(profile.path, site.origin);
      tab = await browser.tab();
      await tab.call('open');
      const kept = await tab.call('kept');
      if (end !== 'die') saves += 1;
      expect(kept.saves, `write ${write}`).toHaveLength(saves);
      expect(kept.rows, `write ${write}`).toHaveLength(saves);
      expect(kept.nextSeq, `write ${write}`).toBe(saves + 1);
      expect(kept.faults, `write ${write}`).toEqual([]);
      if (end !== 'die') {
        // Nothing was left to die at: the save has as many writes as were tried, and this one is kept.
        expect(write).toBeGreaterThan(3);
        break;
      }
    }
    await browser.close();
    await site.close();
    profile.remove();
  });
});
