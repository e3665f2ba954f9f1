import type { WardId } from '$lib/domain/record/ids.ts';
import type { WardWatch } from './ward-watch.ts';

export interface LiveAsk {
  readonly ward: WardId;
  /** Whether the session still counts: asked at each heartbeat. */
  readonly stillIn: () => Promise<boolean>;
  /** Calls `work` at each heartbeat; returns how to stop. */
  readonly every: (work: () => void) => () => void;
}

/**
 * Server-sent events of one page: `ward` says only where the ward stands, the page asks for the rest. `over` says that
 * the session has ended; the stream ends behind it, and when the process stops.
 */
export function liveStream(watch: WardWatch, ask: LiveAsk): ReadableStream<Uint8Array> {
  const text = new TextEncoder();
  let leave = (): void => undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      const say = (line: string): void => {
        if (open) controller.enqueue(text.encode(line));
      };
      const end = (): void => {
        if (!open) return;
        leave();
        controller.close();
      };
      const beat = async (): Promise<void> => {
        // A database that is away is no verdict on the session.
        const counts = await ask.stillIn().catch(() => true);
        if (counts) {
          say(': here\n\n');
          return;
        }
        say('event: over\ndata: {}\n\n');
        end();
      };
      const lookAway = watch.watch(
        ask.ward,
        (version) => say(`event: ward\ndata: ${JSON.stringify({ version })}\n\n`),
        end,
      );
      const stopBeating = ask.every(() => void beat());
      leave = () => {
        open = false;
        lookAway();
        stopBeating();
      };
      // Where the stream breaks by itself, come back within three seconds.
      say('retry: 3000\n\n');
    },
    cancel() {
      leave();
    },
  });
}
