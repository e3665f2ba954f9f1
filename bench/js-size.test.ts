import { describe, expect, it } from 'vitest';
import { BEHIND_HOME, bytesOf, fieldSizes, HOME, readBuild, routeFiles } from './js-size.ts';

const HOME_MOST = 90_000;
const OTHERS_MOST = 25_000;

/** The design's budgets (quality.md, "JavaScript of the field home"), in bytes of the build that `npm start` serves. */
describe('E1 what a phone downloads before a screen is drawn', () => {
  const app = readBuild();
  const sizes = fieldSizes(app);

  it(`home: at most ${HOME_MOST} bytes gzipped`, () => {
    expect(sizes.home).toBeLessThanOrEqual(HOME_MOST);
  });

  it.each([...sizes.others])(`%s: at most ${OTHERS_MOST} bytes more than home`, (_route, more) => {
    expect(more).toBeLessThanOrEqual(OTHERS_MOST);
  });

  it('home is drawn without what judges answers, without wasm and without the courier', () => {
    const names = [...routeFiles(app, HOME)].map((key) => app.manifest[key]?.file ?? '');
    const behind = BEHIND_HOME.map((key) => app.manifest[key]?.file);
    expect(behind).not.toContain(undefined);
    expect(names.filter((name) => behind.includes(name))).toEqual([]);
    expect(bytesOf(app, routeFiles(app, HOME))).toBe(sizes.home);
  });
});

describe('E1 what the service worker keeps', () => {
  const app = readBuild();
  const fieldFiles = new Set(
    [...app.routes.keys()]
      .filter((route) => route.startsWith('/(field)') || route === '/shell')
      .flatMap((route) => [...routeFiles(app, route)].map((key) => app.manifest[key]?.file ?? '')),
  );

  it('every file of every field screen lies where the worker keeps files', () => {
    expect(fieldFiles.size).toBeGreaterThan(20);
    expect([...fieldFiles].filter((file) => file.includes('/office/'))).toEqual([]);
  });

  it("the office's, the doors' and the gallery's own pages lie apart", () => {
    const pages = [...app.routes]
      .filter(([route]) => /^\/\((office|entry|design)\)/.test(route))
      .map(([, numbers]) => `.svelte-kit/generated/client-optimized/nodes/${numbers.at(-1) ?? ''}.js`);
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.filter((page) => app.manifest[page]?.file.includes('/office/') !== true)).toEqual([]);
  });
});
