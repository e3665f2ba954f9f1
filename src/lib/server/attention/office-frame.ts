import type { Actor, Role } from '$lib/domain/people/roles.ts';
import type { AppContext } from '../app-context.ts';
import { inTransaction } from '../database/transaction.ts';
import { countAttention } from './attention-rows.ts';

/** What stands around every page of the office. */
export interface OfficeFrame {
  readonly ward: { readonly name: string; readonly word: string; readonly demo: boolean };
  readonly who: { readonly name: string; readonly role: Role };
  /** Where the ward stood before the page's own rows were read. */
  readonly version: number;
  /** Things waiting for a person's decision, as far as this one sees them. */
  readonly open: number;
}

interface FrameSql {
  name: string;
  word: string;
  demo: boolean;
  person: string | null;
  version: number;
}

export async function readOfficeFrame(
  context: Pick<AppContext, 'database'>,
  actor: Actor,
): Promise<OfficeFrame> {
  const { ward, person } = actor;
  return inTransaction(
    context.database,
    { wards: [ward], actor: person },
    async (tx) => {
      const [row] = await tx<FrameSql[]>`
        select w.name, w.word, w.demo, c.version, p.name as person
        from ward w join ward_counter c on c.ward_id = w.ward_id
        left join person p on p.ward_id = w.ward_id and p.id = ${person}
        where w.ward_id = ${ward}`;
      if (row === undefined) throw new Error('a session without its ward');
      return {
        ward: { name: row.name, word: row.word, demo: row.demo },
        who: { name: row.person ?? '', role: actor.role },
        version: row.version,
        open: await countAttention(tx, actor),
      };
    },
    { readOnly: true, snapshot: true },
  );
}
