import { describe, expect, it } from 'vitest';
import { firstThatOpens } from './browser-setup.mjs';

/** What it found, where it asked, and what it said. */
async function found(gives: readonly (string | null | Error)[], opens: (path: string) => boolean) {
  const asked: number[] = [];
  const said: string[] = [];
  const sources = gives.map((one, at) => ({
    name: `source ${at}`,
    get: () => {
      asked.push(at);
      if (one instanceof Error) throw one;
      return at % 2 === 0 ? one : Promise.resolve(one);
    },
  }));
  const path = await firstThatOpens(sources, opens, (line) => said.push(line));
  return { path, asked, said };
}
const all = (): boolean => true;

describe('a browser for the tests is got by itself', () => {
  it('from the first place that has one; the others are not asked', async () => {
    expect(await found(['/a', '/b'], all)).toEqual({
      path: '/a',
      asked: [0],
      said: ['Chromium: /a (source 0)'],
    });
  });

  it('goes on where there is none, where getting it fails, and where it opens no page', async () => {
    const given = [null, new Error('no network'), '/broken', '/whole'];
    expect(await found(given, (path) => path !== '/broken')).toEqual({
      path: '/whole',
      asked: [0, 1, 2, 3],
      said: [0, 1, 2].map((at) => `Chromium: not from source ${at}`).concat('Chromium: /whole (source 3)'),
    });
  });

  it('says so when nothing helps', async () => {
    expect((await found([null, '/broken'], () => false)).path).toBeNull();
  });
});
