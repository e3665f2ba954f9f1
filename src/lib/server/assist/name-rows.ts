import type { WardId } from '$lib/domain/record/ids.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Transaction } from '../database/pool.ts';
import { procedureNames } from '../filing/procedure-names.ts';

/** Id → name, for what a page mentions and nothing else. */
export type Names = Readonly<Record<string, string>>;

/** Names of the ward's people, teams and neighbourhoods, and of procedures, that are mentioned in these values. */
export async function namesIn(tx: Transaction, ward: WardId, mentioned: Json): Promise<Names> {
  const rows = await tx<{ id: string; name: string }[]>`
    select id, name from person where ward_id = ${ward}
    union all select id, name from team where ward_id = ${ward}
    union all select id, name from neighbourhood where ward_id = ${ward}`;
  const known = new Map([...rows.map(({ id, name }) => [id, name] as const), ...procedureNames]);
  const names: Record<string, string> = {};
  const look = (value: Json): void => {
    if (typeof value === 'string') {
      const name = known.get(value);
      if (name !== undefined) names[value] = name;
    } else if (Array.isArray(value)) value.forEach(look);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(look);
  };
  look(mentioned);
  return names;
}
