import { BenchPhone } from '../phone/bench-phone.ts';

/** A record as the harness makes them; only these fields are looked at here. */
interface PeerRecord {
  readonly id: string;
  readonly updatedAt: number;
  readonly notes: string;
}

type Shown = readonly { readonly id: string }[];

const phone = new BenchPhone();
/** Our ids to the harness's, which looks for its own in the list. */
const theirs = new Map<string, string>();

const named = (ids: readonly string[]): Shown => ids.map((id) => ({ id: theirs.get(id) ?? id }));

async function save(record: PeerRecord, hasty: boolean): Promise<void> {
  const at = Math.floor(record.updatedAt / 1000) % 100_000;
  const id = await phone.save(at, hasty ? phone.hastyPhone : phone.phone, record.notes);
  theirs.set(id, record.id);
}

/** The product as a contender of the peers harness; what each member must do is said in the harness's README. */
export const contender = {
  open: async ({ base }: { readonly base: string }): Promise<void> => {
    if (await phone.isHere()) return phone.unlock();
    const answer = await fetch(`${base}/peer/invitation`);
    const { code } = (await answer.json()) as { code: string };
    return phone.enrol(code);
  },
  /** Sealed, with its outbox entry, strict. */
  writeOne: (record: PeerRecord) => save(record, false),
  /** The product has no bulk save: one transaction a visit, here without waiting for the disk at each. */
  writeMany: async (records: readonly PeerRecord[]): Promise<void> => {
    for (const record of records) await save(record, true);
  },
  list: async (limit: number): Promise<Shown> => named(await phone.listIds(limit)),
  subscribeList: (run: (rows: Shown) => void, limit: number): Promise<() => void> =>
    new Promise((resolve) => {
      const stop = phone.watch(limit, (ids) => {
        run(named(ids));
        queueMicrotask(() => resolve(stop));
      });
    }),
  count: (): Promise<number> => phone.count(),
  push: async (): Promise<{ pushed: number }> => {
    const pushed = await phone.unsent();
    await phone.deliver();
    return { pushed };
  },
  pull: async (onProgress: () => void): Promise<void> => {
    const stop = phone.watch(50, () => onProgress());
    await phone.deliver();
    stop();
  },
  incremental: async (): Promise<void> => {
    await phone.deliver();
  },
  close: (): void => phone.close(),
};
