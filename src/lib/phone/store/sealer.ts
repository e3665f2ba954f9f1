import type { SealedBlob } from '../../domain/record/row.ts';
import type { Bytes } from '../../kernel/bytes.ts';
import type { Json } from '../../kernel/json.ts';

/**
 * The unlocked vault as the store sees it: seals under the account's present data key, opens under any it holds.
 * Never called inside a transaction.
 */
export interface Sealer {
  /** `key` is the id of the data key used. */
  seal(values: Json, aad: Bytes): Promise<{ readonly blob: SealedBlob; readonly key: string }>;
  /** Null: a key this vault does not hold, or bytes that were altered or bound to something else. */
  open(blob: SealedBlob, key: string, aad: Bytes): Promise<Json | null>;
}
