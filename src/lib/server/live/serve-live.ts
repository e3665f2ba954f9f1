import type { RequestEvent } from '@sveltejs/kit';
import { type AppContext, beforeStop } from '../app-context.ts';
import { readCurrentSession } from '../auth/current-session.ts';
import { logFault } from '../log.ts';
import { wardVersions } from '../sync/ward-version.ts';
import { liveStream } from './live-stream.ts';
import { WardWatch } from './ward-watch.ts';

/** How often each process asks where the watched wards stand. */
const BEAT_MS = 1_000;
/** How often a stream shows that it lives, and whether its session still counts. */
const HEARTBEAT_MS = 20_000;

const watches = new WeakMap<object, WardWatch>();

function every(ms: number): (work: () => void) => () => void {
  return (work) => {
    const timer = setInterval(work, ms);
    return () => clearInterval(timer);
  };
}

/** One watch a process, closed before it stops. */
function watchOf({ database }: AppContext): WardWatch {
  const known = watches.get(database);
  if (known !== undefined) return known;
  const watch = new WardWatch({
    ask: (wards) => wardVersions(database, wards),
    every: every(BEAT_MS),
    onFault: (error) => logFault(error, { id: 'live', route: '/api/live' }),
  });
  watches.set(database, watch);
  beforeStop(() => {
    watch.close();
    return Promise.resolve();
  });
  return watch;
}

/** `GET /api/live`: where the visitor's ward stands, for as long as the session counts. Strangers are turned away. */
export async function serveLive(context: AppContext, event: RequestEvent): Promise<Response> {
  const session = await event.locals.session();
  if (session === null) return Response.json({ problem: 'no_session' }, { status: 401 });
  const stream = liveStream(watchOf(context), {
    ward: session.actor.ward,
    stillIn: async () => (await readCurrentSession(context, event)) !== null,
    every: every(HEARTBEAT_MS),
  });
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}
