import { type DemoEntry, demoEnterAnswerSchema, entryAnswerSchema } from '$lib/protocol/enrol.ts';

/** What the first page knows of the server. */
export type Entry =
  | { readonly is: 'asking' }
  | { readonly is: 'unreachable' }
  | { readonly is: 'known'; readonly wardName: string | null; readonly demo: DemoEntry | null };

/** Asks the server who it is. Never throws: with no network the first page says what to do. */
export async function readEntry(ask: typeof fetch): Promise<Entry> {
  try {
    const response = await ask('/api/entry', { redirect: 'error' });
    const parsed = entryAnswerSchema.safeParse(await response.json());
    return response.ok && parsed.success
      ? { is: 'known', wardName: parsed.data.wardName, demo: parsed.data.demo }
      : { is: 'unreachable' };
  } catch {
    return { is: 'unreachable' };
  }
}

export type DemoEntered =
  { readonly is: 'enrol'; readonly code: string } | { readonly is: 'office'; readonly to: string };

/** One click into a demo role. Null: the server was not reached, or is no demo. */
export async function enterDemo(ask: typeof fetch, person: string): Promise<DemoEntered | null> {
  try {
    const response = await ask('/api/demo/enter', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person }),
      redirect: 'error',
    });
    const parsed = demoEnterAnswerSchema.safeParse(await response.json());
    return response.ok && parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
