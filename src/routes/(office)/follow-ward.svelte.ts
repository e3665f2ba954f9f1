import { onMount } from 'svelte';
import { invalidate } from '$app/navigation';

/** How often the page asks by itself while the stream is down. */
const POLL_MS = 15_000;

/** Whether changes come by themselves at once, for the mark beside a list. */
export const following = $state({ live: false });

/** Asked before the page asks by itself: data that cannot be had would put an error in the place of the list, for good. */
async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch('/api/entry', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/**
 * Keeps the page at the ward's newest version: the stream says "ward at version n", the page asks for the rest. While
 * the stream is down it asks every 15 seconds; without JavaScript a reload does.
 */
export function followWard(shown: () => number): void {
  let asking = false;
  let wanted = 0;

  async function refresh(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      await invalidate('office:ward');
      // It may have grown meanwhile; a picture that is older than what was told is asked for once more.
      if (wanted > shown()) await invalidate('office:ward');
    } finally {
      asking = false;
    }
  }

  async function askByItself(): Promise<void> {
    if (following.live || document.visibilityState !== 'visible') return;
    if (await isServerThere()) await refresh();
  }

  function hear(event: MessageEvent<string>): void {
    const { version } = JSON.parse(event.data) as { version: number };
    wanted = version;
    if (version > shown()) void refresh();
  }

  onMount(() => {
    const stream = new EventSource('/api/live');
    stream.onopen = () => (following.live = true);
    stream.onerror = () => (following.live = false);
    stream.addEventListener('ward', hear);
    // The session has ended: the next load leads to signing in.
    stream.addEventListener('over', () => void refresh());
    const poll = setInterval(() => void askByItself(), POLL_MS);
    return () => {
      stream.close();
      clearInterval(poll);
      following.live = false;
    };
  });
}
