import { test } from '@playwright/test';
import { startWardServer, type WardServer, type WardServerOptions } from '../ward-server.ts';
import { newPhone, type PhoneOptions, type TestPhone } from './phone.ts';

export interface Wanted {
  /** A function: asked when the ward starts, for what is not known sooner. */
  readonly ward?: WardServerOptions | (() => WardServerOptions);
  /** Phones that are there from the start; one like any other unless said. */
  readonly phones?: readonly PhoneOptions[];
  /** `test`: anew before each test; otherwise once for all tests that stand beside the call. */
  readonly anew?: 'test';
}

/** What the tests work with; asked within a test. */
export interface WardAndPhones {
  readonly ward: WardServer;
  /** The first of the phones. */
  readonly phone: TestPhone;
  readonly phones: readonly TestPhone[];
  /** One more, removed with the others. */
  addPhone(options?: PhoneOptions): Promise<TestPhone>;
}

/** Starts a ward and its phones before the tests that stand beside this call, and removes all of it after them. */
export function wardAndPhones(wanted: Wanted = {}): WardAndPhones {
  let server: WardServer | null = null;
  const phones: TestPhone[] = [];
  const ward = (): WardServer => {
    if (server === null) throw new Error('the ward has not been started');
    return server;
  };
  const addPhone = async (options: PhoneOptions = {}): Promise<TestPhone> => {
    const made = await newPhone(ward(), options);
    phones.push(made);
    return made;
  };
  const start = async (): Promise<void> => {
    server = await startWardServer(typeof wanted.ward === 'function' ? wanted.ward() : wanted.ward);
    for (const options of wanted.phones ?? [{}]) await addPhone(options);
  };
  const remove = async (): Promise<void> => {
    try {
      for (const phone of phones.splice(0)) await phone.remove();
    } finally {
      await server?.remove();
      server = null;
    }
  };
  if (wanted.anew === 'test') {
    test.beforeEach(start);
    test.afterEach(remove);
  } else {
    test.beforeAll(start);
    test.afterAll(remove);
  }
  return {
    get ward() {
      return ward();
    },
    get phone() {
      const [first] = phones;
      if (first === undefined) throw new Error('there is no phone');
      return first;
    },
    phones,
    addPhone,
  };
}
