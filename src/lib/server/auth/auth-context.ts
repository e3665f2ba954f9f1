import type { AppContext } from '../app-context.ts';

/** What the door needs of the process: rows, time, chance. */
export type AuthContext = Pick<AppContext, 'database' | 'clock' | 'random'>;
