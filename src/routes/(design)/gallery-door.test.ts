import { afterEach, describe, expect, it } from 'vitest';
import { load } from './+layout.server.ts';

type Event = Parameters<typeof load>[0];

const asked = (address: string) =>
  ({ url: new URL(address, 'http://localhost'), locals: { demo: false } }) as Event;

describe('the gallery is not there unless asked for', () => {
  afterEach(() => {
    delete process.env['DESIGN_GALLERY'];
  });

  it.each([undefined, '', '0', 'true'])('404 with DESIGN_GALLERY=%s', (value) => {
    if (value !== undefined) process.env['DESIGN_GALLERY'] = value;
    expect(() => load(asked('/design'))).toThrow(expect.objectContaining({ status: 404 }));
  });

  it.each([
    ['/design', 'vi'],
    ['/design?lang=en', 'en'],
    ['/design?lang=fr', 'vi'],
  ])('%s opens in %s', (address, locale) => {
    process.env['DESIGN_GALLERY'] = '1';
    expect(load(asked(address))).toEqual({ locale, demo: false });
  });
});
