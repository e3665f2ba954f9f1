import { quickClone } from './quick-clone.ts';
import { quickSubtle } from './quick-crypto.ts';

const settled = Promise.resolve();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with `call` below: Dexie puts another one in its place
const { then } = Promise.prototype;

/**
 * Makes this process quick at what the long runs do most, with the same meaning: cryptography without a second thread,
 * copies without a message channel, microtasks without Node's bookkeeping of who queued them, errors without stacks (Dexie and aborted requests make
 * thousands that nobody reads). To be called once, before the first history. `keepStacks`: for a closer look.
 */
export function makeQuick({ keepStacks = false } = {}): void {
  Object.defineProperty(globalThis.crypto, 'subtle', { value: quickSubtle, configurable: true });
  globalThis.structuredClone = quickClone;
  globalThis.queueMicrotask = (work) => void then.call(settled, work);
  if (!keepStacks) Error.stackTraceLimit = 0;
}
