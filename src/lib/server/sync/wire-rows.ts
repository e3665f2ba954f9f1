import type { PersonId } from '$lib/domain/record/ids.ts';
import type { ConfirmedRow } from '$lib/domain/record/row.ts';
import { type Bytes, textOf, utf8 } from '$lib/kernel/bytes.ts';
import { rowAad } from '$lib/protocol/bound-bytes.ts';
import type { QuarantinedRow, WireRow } from '$lib/protocol/round.ts';
import { openQuarantined, residentsOfQuarantined } from '../records/quarantine-values.ts';
import { openRowPart, residentOf } from '../records/row-values.ts';
import { ResidentKeys } from '../keys/resident-keys.ts';
import type { ServerKeys } from '../keys/server-keys.ts';
import { sealValue } from '../keys/value-cipher.ts';
import type { QuarantineEntry, WardReader } from './store.ts';

/** Whose phone, and the data key its personal parts are sealed to on their way down; null: without them. */
export interface DownTo {
  readonly person: PersonId;
  readonly dataKey: Bytes | null;
}

/** Turns stored rows into what one phone may hold: personal parts are opened here and sealed again to its own key. */
export class WireRows {
  readonly #tx: WardReader;
  readonly #to: DownTo;
  readonly #keys: ServerKeys;
  readonly #residents: ResidentKeys;

  constructor(tx: WardReader, ward: string, keys: ServerKeys, to: DownTo) {
    this.#tx = tx;
    this.#to = to;
    this.#keys = keys;
    this.#residents = new ResidentKeys(keys, ward, []);
  }

  async rows(rows: readonly ConfirmedRow[]): Promise<WireRow[]> {
    const sealed = rows.filter((row) => Object.keys(row.sealed).length > 0);
    await this.#know(sealed.map((row) => residentOf(row) ?? `row:${row.id}`));
    return rows.map((row) => this.#wire(row));
  }

  async quarantined(entries: readonly QuarantineEntry[]): Promise<QuarantinedRow[]> {
    const openable = entries.filter((entry) => entry.sealed !== null && !entry.asSent);
    await this.#know(openable.flatMap((entry) => residentsOfQuarantined(entry.sealed ?? '{}')));
    return entries.map((entry) => ({
      kind: 'quarantined',
      id: entry.id,
      version: entry.version,
      replica: entry.replica,
      seq: entry.seq,
      plain: entry.plain,
      sealed: this.#reseal(entry),
      outcome: structuredClone(entry.outcome) as QuarantinedRow['outcome'],
      receivedAt: entry.receivedAt,
    }));
  }

  async #know(residents: readonly string[]): Promise<void> {
    if (residents.length > 0) this.#residents.know(await this.#tx.residentKeys([...new Set(residents)]));
  }

  #seal(text: string, row: string, part: string): string | null {
    const { person, dataKey } = this.#to;
    return dataKey && sealValue(dataKey, utf8(text), textOf(rowAad(person, row, part)), this.#keys.random);
  }

  #reseal(entry: QuarantineEntry): string | null {
    if (entry.sealed === null || entry.asSent) return null;
    const values = openQuarantined(this.#residents, entry.id, entry.sealed);
    return this.#seal(JSON.stringify(Object.fromEntries(values)), entry.id, 'quarantined');
  }

  #wire(row: ConfirmedRow): WireRow {
    const sealed: Record<string, string> = {};
    for (const [mutation, blob] of Object.entries(row.sealed)) {
      const part = openRowPart(this.#residents, row, mutation, blob);
      const box = part && this.#seal(JSON.stringify(part), row.id, mutation);
      if (box) sealed[mutation] = box;
    }
    const { kind, id, version, fields, stamps, sets, clashes } = row;
    // The wire's shapes are the domain's, without its readonly marks.
    return { kind, id, version, fields, stamps, sets, sealed, clashes } as unknown as WireRow;
  }
}
