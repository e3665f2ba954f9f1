import { entryAnswerSchema } from '../../protocol/enrol.ts';
import { askServer, type Fetch } from './ask-server.ts';
import { startSession } from './start-session.ts';

/** A page waits for this. */
const PATIENCE_MS = 3000;

const askSoon: Fetch = (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });

/** Is the ward of whoever is in front a demo? With nobody on this phone only the server knows. */
export async function phoneInDemo(app: string): Promise<boolean> {
  const state = (await startSession(app)).get();
  if (state.is !== 'empty') return state.account.demo;
  const entry = await askServer(askSoon, { path: '/api/entry' }, entryAnswerSchema);
  return entry.ok && entry.value.demo !== null;
}
