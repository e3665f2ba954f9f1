import type { BenchRun } from '../bench-run.ts';
import { alone, beside, type Figure } from '../figures.ts';
import { costOf } from '../ward/ward-client.ts';

interface Sent {
  readonly ours: number;
  readonly floor: number;
  readonly floorGzip: number;
  /** Bytes up a record beside its sealed part. */
  readonly wire: number;
  readonly floorWire: number;
  readonly requests: number;
}

/** All that waits goes up, and its confirmed rows come back: beside the same bytes in one POST and one transaction. */
export async function sendOnce(run: BenchRun, count: number, slow: boolean): Promise<Sent> {
  const { ward } = run;
  return run.browse(async (browser) => {
    const page = await browser.phone();
    const place = run.name('send');
    await page.call('enrol', await ward.call.invitation(place));
    await page.call('send');
    const { sealedBytes } = await page.call('fill', count, 0);
    await page.call('fillFloor');
    await ward.call.clearFloor();
    if (slow) await page.slow(6, true);
    const floorGzip = slow ? await page.call('sendFloor', true) : Number.NaN;
    if (slow) await ward.call.clearFloor();
    const floor = await costOf(ward, () => page.call('sendFloor', false));
    const ours = await costOf(ward, () => page.call('send'));
    const stored = await ward.call.stored(place);
    if (stored !== count) throw new Error(`the ward holds ${stored} of ${count}`);
    return {
      ours: ours.value,
      floor: floor.value,
      floorGzip,
      wire: (ours.cost.up - sealedBytes) / count,
      floorWire: floor.cost.up / count,
      requests: ours.cost.requests,
    };
  });
}

export async function sendRow(run: BenchRun): Promise<Figure[]> {
  const { sizes, say } = run;
  const sent: Sent[] = [];
  for (let round = 0; round < sizes.rounds; round++) {
    sent.push(await sendOnce(run, sizes.send, false));
    say(`send ${sizes.send}: round ${round + 1}`);
  }
  const row = 'send';
  const what = `send ${sizes.send.toLocaleString('en')} waiting`;
  return [
    beside(
      { row, what, unit: 'ms' },
      'one POST, one transaction',
      sent.map(({ ours, floor }) => [ours, floor]),
      1.5,
    ),
    alone(
      { row, what: 'up, a record beside its sealed part', unit: 'B' },
      sent.map(({ wire }) => wire),
      160,
    ),
    alone(
      { row, what: 'requests', unit: '' },
      sent.map(({ requests }) => requests),
      null,
    ),
  ];
}

/** The same on a slow phone and line, beside the same bytes gzipped in one POST. */
export async function slowRow(run: BenchRun): Promise<Figure[]> {
  const { sizes, say } = run;
  const sent: Sent[] = [];
  for (let round = 0; round < sizes.rounds; round++) {
    sent.push(await sendOnce(run, sizes.slowSend, true));
    say(`slow phone and line: round ${round + 1}`);
  }
  const head = { row: 'slow', what: `send ${sizes.slowSend}, CPU × 6, 400 ms, 400 kbit/s`, unit: 'ms' };
  return [
    beside(
      head,
      'gzip, one POST',
      sent.map(({ ours, floorGzip }) => [ours, floorGzip]),
      1.1,
    ),
    beside(
      head,
      'plain, one POST',
      sent.map(({ ours, floor }) => [ours, floor]),
      null,
    ),
  ];
}
