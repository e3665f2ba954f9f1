import { withConnection } from '../src/lib/server/database/one-connection.ts';
import type { OpenedDatabase } from './open-database.ts';

export interface WardState {
  /** A demo ward is in the database: its accounts are open to anybody. */
  readonly demo: boolean;
  /** No ward at all: nobody can sign in yet. */
  readonly empty: boolean;
  /** A demo ward whose making was cut short. */
  readonly unfinished: boolean;
}

/** Asked as the owner of the tables, who alone sees every ward's name: at start there is no ward yet to speak for. */
export async function wardState(database: OpenedDatabase): Promise<WardState> {
  return await withConnection(database.owner, async (sql) => {
    const wards = await sql<
      { demo: boolean; laid: boolean }[]
    >`select demo, laid_at is not null as laid from ward`;
    return {
      demo: wards.some((ward) => ward.demo),
      empty: wards.length === 0,
      unfinished: wards.some(({ demo, laid }) => demo && !laid),
    };
  });
}
