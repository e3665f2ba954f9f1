import { seededRandom } from '../support/sync-mutations.ts';

/**
 * What cryptography draws in this process (nonces, and with `makeQuick` key pairs) comes from the history's seed: what is
 * sealed in it is the same bytes, under the same hash, whichever store the ward is on.
 */
export function drawFrom(seed: number): void {
  const random = seededRandom(seed + 2);
  const value = <T extends Uint8Array>(into: T): T => {
    into.set(random.bytes(into.length));
    return into;
  };
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value, configurable: true });
}
