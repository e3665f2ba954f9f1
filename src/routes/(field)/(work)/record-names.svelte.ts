import type { Row } from '$lib/domain/record/row.ts';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { neighbourhoods, people } from '$lib/phone/view/records.ts';
import type { Words } from '$lib/ui/messages-context.ts';
import { LiveQuery } from './live-query.svelte.ts';
import { rowName } from './row-name.ts';
import { procedureNames, procedurePack } from './procedure-pack.svelte.ts';

/** What an id inside a record is called: people and places of the ward that are on this phone, and the procedures. */
export class RecordNames {
  readonly #staff: LiveQuery<readonly Row[]>;
  readonly #places: LiveQuery<readonly Row[]>;
  readonly #words: Pick<Words, 'm'>;

  /** Call while a component is being set up. */
  constructor(phone: OpenPhone, words: Pick<Words, 'm'>) {
    this.#staff = new LiveQuery(() => () => people(phone.db));
    this.#places = new LiveQuery(() => () => neighbourhoods(phone.db));
    this.#words = words;
  }

  /** Undefined where this phone does not know it. */
  readonly of = (id: string): string | undefined => {
    const row = [...(this.#staff.current ?? []), ...(this.#places.current ?? [])].find(
      (one) => String(one.id) === id,
    );
    if (row) return rowName(row);
    return id === 'other' || procedurePack.get(id) ? procedureNames.of(id, this.#words.m) : undefined;
  };
}
