import type { Cookies, RequestEvent } from '@sveltejs/kit';

/** A browser as far as the door sees it: an origin and a cookie jar. */
export interface TestBrowser {
  readonly jar: Map<string, string>;
  /** Every cookie as it was set, for looking at its attributes. */
  readonly written: { name: string; value: string; options: Record<string, unknown> }[];
  event(path?: string): Pick<RequestEvent, 'request' | 'url' | 'cookies'>;
}

export function testBrowser(origin = 'https://ward.lan'): TestBrowser {
  const jar = new Map<string, string>();
  const written: TestBrowser['written'] = [];
  const cookies = {
    get: (name: string) => jar.get(name),
    getAll: () => [...jar].map(([name, value]) => ({ name, value })),
    set: (name: string, value: string, options: Record<string, unknown>) => {
      written.push({ name, value, options });
      jar.set(name, value);
    },
    delete: (name: string, options: Record<string, unknown>) => {
      written.push({ name, value: '', options });
      jar.delete(name);
    },
    serialize: () => '',
  } as unknown as Cookies;
  return {
    jar,
    written,
    event: (path = '/') => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const url = new URL(path, origin);
      return { url, cookies, request: new Request(url, { headers: { cookie } }) };
    },
  };
}
