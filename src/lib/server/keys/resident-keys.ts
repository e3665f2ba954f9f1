import { textOf, utf8 } from '$lib/kernel/bytes.ts';
import type { ServerKeys } from './server-keys.ts';
import { openValue, sealValue } from './value-cipher.ts';

/** A resident record's key as the database holds it. `wrapped: null` = erased: nobody can read it any more. */
export interface WrappedKey {
  readonly resident: string;
  readonly wrapped: string | null;
}

const KEPT_OPEN = 20_000;
const opened = new Map<string, Uint8Array>();

function wrapAad(ward: string, resident: string): string {
  return `xks:resident-key:1|${ward}|${resident}`;
}

/** Binds a stored value to its ward, its resident and the place it lies in (row or mutation). */
function valueAad(ward: string, resident: string, place: string): string {
  return `xks:resident-value:1|${ward}|${resident}|${place}`;
}

/**
 * The keys of one transaction's residents. What is erased is looked up in the database each time; only the unwrapping
 * of a key that is still there is remembered.
 */
export class ResidentKeys {
  readonly #keys: ServerKeys;
  readonly #ward: string;
  readonly #stored = new Map<string, WrappedKey>();
  readonly #made: WrappedKey[] = [];

  constructor(keys: ServerKeys, ward: string, stored: readonly WrappedKey[]) {
    this.#keys = keys;
    this.#ward = ward;
    this.know(stored);
  }

  know(stored: readonly WrappedKey[]): void {
    for (const key of stored) this.#stored.set(key.resident, key);
  }

  isErased(resident: string): boolean {
    return this.#stored.get(resident)?.wrapped === null;
  }

  /** Keys born in this transaction, to be written with it. */
  get made(): readonly WrappedKey[] {
    return this.#made;
  }

  /** Seals a text under a resident's key, making the key when it is the first. Throws for an erased one. */
  seal(resident: string, place: string, text: string): string {
    const key = this.#raw(resident) ?? this.#make(resident);
    return sealValue(key, utf8(text), valueAad(this.#ward, resident, place), this.#keys.random);
  }

  /** Null: erased, unknown or altered. */
  open(resident: string, place: string, blob: string): string | null {
    const key = this.#raw(resident);
    const plain = key && openValue(key, blob, valueAad(this.#ward, resident, place));
    return plain ? textOf(plain) : null;
  }

  #raw(resident: string): Uint8Array | null {
    const stored = this.#stored.get(resident);
    if (stored?.wrapped == null) return null;
    const name = `${this.#ward}|${resident}|${stored.wrapped}`;
    const known = opened.get(name);
    if (known !== undefined) return known;
    const raw = this.#keys.unwrap(stored.wrapped, wrapAad(this.#ward, resident));
    if (raw === null) return null;
    if (opened.size >= KEPT_OPEN) opened.clear();
    opened.set(name, raw);
    return raw;
  }

  #make(resident: string): Uint8Array {
    if (this.#stored.has(resident))
      throw new Error('this resident record is erased, or its key was wrapped by another master key');
    const raw = this.#keys.random.bytes(32);
    const key = { resident, wrapped: this.#keys.wrap(raw, wrapAad(this.#ward, resident)) };
    this.#stored.set(resident, key);
    this.#made.push(key);
    return raw;
  }
}
