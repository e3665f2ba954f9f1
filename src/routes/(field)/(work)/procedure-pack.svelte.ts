import {
  indexProcedures,
  type ProcedureIndex,
  searchProcedures,
} from '$lib/domain/procedure/find-procedure.ts';
import type { FactSource } from '$lib/domain/procedure/fact.ts';
import { type Pack, packManifestSchema, readPack } from '$lib/domain/procedure/pack.ts';
import type { Procedure } from '$lib/domain/procedure/procedure.ts';
import type { FilingStatus } from '$lib/domain/filing/filing.ts';
import { type ShownStatus, shownStatus, unseenUpTo } from '$lib/domain/filing/seen-lately.ts';
import { estimateDue } from '$lib/domain/procedure/time-limit.ts';
import type { Day } from '$lib/kernel/calendar/day.ts';
import { type WorkingCalendar, workingCalendar } from '$lib/kernel/calendar/working-days.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Messages } from '$lib/messages/dictionary.ts';
import type { QuickLog } from '$lib/phone/commands/quick-form.ts';

/** Reads a pack through the worker's cache, so that it is there with no signal too. */
async function fetchPacks(ask: typeof fetch): Promise<readonly Pack[]> {
  const listed = await ask('/packs/manifest.json', { redirect: 'error' });
  const manifest = packManifestSchema.parse(await listed.json());
  const packs = await Promise.all(
    manifest.packs.map(async ({ url }) => readPack(await (await ask(url, { redirect: 'error' })).text())),
  );
  return packs.flatMap((pack) => (pack.ok ? [pack.value] : []));
}

/** The procedures and holidays this phone works with. Empty until they are read; `failed` when they could not be. */
class ProcedurePack {
  procedures = $state.raw<readonly Procedure[]>([]);
  groups = $state.raw<ReadonlyMap<string, string>>(new Map());
  sources = $state.raw<Readonly<Record<string, FactSource>>>({});
  version = $state<string | null>(null);
  failed = $state(false);
  #index: ProcedureIndex = [];
  #calendar: WorkingCalendar | null = null;
  #byId = $derived(new Map(this.procedures.map((procedure) => [procedure.id, procedure])));

  readonly quick = $derived(
    this.procedures
      .filter(({ quick }) => quick !== undefined)
      .sort((a, b) => (a.quick ?? 0) - (b.quick ?? 0)),
  );

  async load(ask: typeof fetch): Promise<void> {
    if (this.version !== null) return;
    try {
      for (const pack of await fetchPacks(ask)) this.#take(pack);
      this.failed = this.procedures.length === 0;
    } catch {
      this.failed = true;
    }
  }

  #take(pack: Pack): void {
    if (pack.kind === 'holidays') {
      this.#calendar = workingCalendar(pack.entries, pack.covers);
      return;
    }
    this.groups = new Map(pack.groups.map(({ id, name }) => [id, name]));
    this.#index = indexProcedures(pack.entries, this.groups);
    this.procedures = pack.entries;
    this.sources = pack.sources;
    this.version = pack.version;
  }

  get(id: string | null): Procedure | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  isAccount(id: string | null): boolean {
    return this.get(id)?.kind === 'account';
  }

  /** The first of the catalogue where nothing is asked for. */
  find(query: string, limit: number): readonly Procedure[] {
    if (query.trim() === '') return this.procedures.slice(0, limit);
    return searchProcedures(this.#index, query, limit).map(({ procedure }) => procedure);
  }

  /** What is shown of a filing's standing status: unknown where nobody has looked for ten working days. */
  shownStatus(standing: { status: FilingStatus; day: string } | null, today: Day): ShownStatus {
    if (standing === null) return 'unknown';
    if (this.#calendar === null) return standing.status;
    return shownStatus(standing.status, standing.day, unseenUpTo(today, this.#calendar));
  }

  /** Ngày dự kiến of a filing sent in at this moment, and the pack it was worked out from. */
  estimateFor(id: string | null, at: Instant): Pick<QuickLog, 'estimate' | 'packVersion'> {
    const procedure = this.get(id);
    if (procedure === undefined || this.#calendar === null)
      return { estimate: null, packVersion: this.version };
    const due = estimateDue(procedure.timeLimit, at, this.#calendar);
    const estimate = due && { earliest: due.earliest, latest: due.latest, from: due.from };
    return { estimate, packVersion: this.version };
  }
}

export const procedurePack = new ProcedurePack();

/** What a subject is called; its id where the pack no longer has it, so that nothing is ever unnamed. */
export const procedureNames = {
  of(id: string, m: Messages): string {
    return procedurePack.get(id)?.shortName ?? (id === 'other' ? m.field.quickLog.otherSubject : id);
  },
};
