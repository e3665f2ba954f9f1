import { type AppContext, appContext } from '../src/lib/server/app-context.ts';
import { KeysMissing } from '../src/lib/server/keys/key-files.ts';
import { databaseErrors } from './operator-messages.mjs';
import { OperatorStop } from './operator-stop.ts';

/** The process's context for a command: what its operator can mend is said in words. */
export async function openContext(): Promise<AppContext> {
  try {
    return await appContext();
  } catch (error) {
    if (!(error instanceof KeysMissing)) throw error;
    throw new OperatorStop(databaseErrors['keys_missing']?.(error.directory) ?? error.message);
  }
}
