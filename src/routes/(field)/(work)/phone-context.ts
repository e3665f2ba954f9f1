import { getContext, setContext } from 'svelte';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import type { Account } from '$lib/protocol/enrol.ts';

/** The unlocked phone that the working screens read and write. */
export interface PhoneInUse {
  readonly phone: OpenPhone;
  readonly account: Account;
}

const KEY = Symbol('phone');

export function setPhoneInUse(source: () => PhoneInUse): void {
  setContext(KEY, source);
}

/** Below the layout of the working screens only: it shows its pages while the phone is unlocked. */
export function getPhoneInUse(): PhoneInUse {
  return getContext<() => PhoneInUse>(KEY)();
}
