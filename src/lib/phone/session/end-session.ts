import type { Fetch } from './ask-server.ts';

const PATIENCE_MS = 10_000;

/** Ends the session with the server, as far as the network reaches; where it does not, the session ends by itself soon. */
export async function endSession(fetch: Fetch): Promise<void> {
  const init: RequestInit = {
    method: 'POST',
    credentials: 'same-origin',
    redirect: 'error',
    cache: 'no-store',
    keepalive: true,
    signal: AbortSignal.timeout(PATIENCE_MS),
  };
  await fetch('/api/sign-out', init).catch(() => undefined);
}
