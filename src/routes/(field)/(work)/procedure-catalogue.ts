import { shownStatus, type ShownStatus, unseenUpTo } from '$lib/domain/filing/seen-lately.ts';
import type { FilingStatus } from '$lib/domain/filing/filing.ts';
import type { FactSource } from '$lib/domain/procedure/fact.ts';
import { indexProcedures, searchProcedures } from '$lib/domain/procedure/find-procedure.ts';
import {
  type HolidayPack,
  type Pack,
  packManifestSchema,
  type ProcedurePack,
  readPack,
} from '$lib/domain/procedure/pack.ts';
import type { Procedure } from '$lib/domain/procedure/procedure.ts';
import { estimateDue } from '$lib/domain/procedure/time-limit.ts';
import type { Day } from '$lib/kernel/calendar/day.ts';
import { workingCalendar } from '$lib/kernel/calendar/working-days.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { QuickLog } from '$lib/phone/commands/quick-form.ts';

/** What the packs hold, and what is worked out from them. */
export interface ProcedureCatalogue {
  readonly procedures: readonly Procedure[];
  readonly groups: ReadonlyMap<string, string>;
  readonly sources: Readonly<Record<string, FactSource>>;
  readonly version: string;
  search(query: string, limit: number): readonly Procedure[];
  /** Null: no calendar is here. */
  shownStatus(standing: { readonly status: FilingStatus; readonly day: string }, today: Day): ShownStatus;
  estimateFor(procedure: Procedure, at: Instant): QuickLog['estimate'];
}

/** Reads the packs through the worker's cache, so that they are there with no signal too. */
async function fetchPacks(ask: typeof fetch): Promise<readonly Pack[]> {
  const listed = await ask('/packs/manifest.json', { redirect: 'error' });
  const manifest = packManifestSchema.parse(await listed.json());
  const packs = await Promise.all(
    manifest.packs.map(async ({ url }) => readPack(await (await ask(url, { redirect: 'error' })).text())),
  );
  return packs.flatMap((pack) => (pack.ok ? [pack.value] : []));
}

/** Null: no procedures are among the packs. */
export async function loadCatalogue(ask: typeof fetch): Promise<ProcedureCatalogue | null> {
  const packs = await fetchPacks(ask);
  const pack = packs.find((one): one is ProcedurePack => one.kind === 'procedures');
  if (pack === undefined || pack.entries.length === 0) return null;
  const holidays = packs.find((one): one is HolidayPack => one.kind === 'holidays');
  const calendar = holidays === undefined ? null : workingCalendar(holidays.entries, holidays.covers);
  const groups = new Map(pack.groups.map(({ id, name }) => [id, name]));
  const index = indexProcedures(pack.entries, groups);
  return {
    procedures: pack.entries,
    groups,
    sources: pack.sources,
    version: pack.version,
    search: (query, limit) => searchProcedures(index, query, limit).map(({ procedure }) => procedure),
    shownStatus: ({ status, day }, today) =>
      calendar === null ? status : shownStatus(status, day, unseenUpTo(today, calendar)),
    estimateFor: (procedure, at) => {
      const due = calendar === null ? null : estimateDue(procedure.timeLimit, at, calendar);
      return due && { earliest: due.earliest, latest: due.latest, from: due.from };
    },
  };
}
