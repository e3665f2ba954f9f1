import { describe, expect, it } from 'vitest';
import { currentHref } from './nav-item.ts';

const items = ['/', '/today', '/tasks', '/tasks/late'].map((href) => ({ href }));

describe('which tab is lit', () => {
  it.each([
    ['/today', '/today'],
    ['/tasks/12', '/tasks'],
    ['/tasks/late/3', '/tasks/late'],
    ['/todayish', '/'],
    ['/', '/'],
  ])('%s lights %s', (path, href) => {
    expect(currentHref(items, path)).toBe(href);
  });

  it('lights none where none holds', () => {
    expect(currentHref(items.slice(1), '/me')).toBeNull();
  });
});
