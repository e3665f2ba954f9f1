import type { FilingStatus } from '$lib/domain/filing/filing.ts';
import type { ShownStatus } from '$lib/domain/filing/seen-lately.ts';
import type { FactSource } from '$lib/domain/procedure/fact.ts';
import type { Procedure } from '$lib/domain/procedure/procedure.ts';
import type { Day } from '$lib/kernel/calendar/day.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Messages } from '$lib/messages/dictionary.ts';
import type { QuickLog } from '$lib/phone/commands/quick-form.ts';
import type { ProcedureCatalogue } from './procedure-catalogue.ts';

/** The procedures and holidays this phone works with. Empty until they are read; `failed` when they could not be. */
class ProcedurePack {
  failed = $state(false);
  #catalogue = $state.raw<ProcedureCatalogue | null>(null);
  #byId = $derived(new Map(this.procedures.map((procedure) => [procedure.id, procedure])));

  readonly quick = $derived(
    this.procedures
      .filter(({ quick }) => quick !== undefined)
      .sort((a, b) => (a.quick ?? 0) - (b.quick ?? 0)),
  );

  get procedures(): readonly Procedure[] {
    return this.#catalogue?.procedures ?? [];
  }

  get groups(): ReadonlyMap<string, string> {
    return this.#catalogue?.groups ?? new Map();
  }

  get sources(): Readonly<Record<string, FactSource>> {
    return this.#catalogue?.sources ?? {};
  }

  get version(): string | null {
    return this.#catalogue?.version ?? null;
  }

  /** What reads and judges packs is loaded with them: the screens are drawn before. */
  async load(ask: typeof fetch): Promise<void> {
    if (this.version !== null) return;
    try {
      const { loadCatalogue } = await import('./procedure-catalogue.ts');
      this.#catalogue = await loadCatalogue(ask);
      this.failed = this.#catalogue === null;
    } catch {
      this.failed = true;
    }
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
    return this.#catalogue?.search(query, limit) ?? [];
  }

  /** What is shown of a filing's standing status: unknown where nobody has looked for ten working days. */
  shownStatus(standing: { status: FilingStatus; day: string } | null, today: Day): ShownStatus {
    if (standing === null) return 'unknown';
    return this.#catalogue?.shownStatus(standing, today) ?? standing.status;
  }

  /** Ngày dự kiến of a filing sent in at this moment, and the pack it was worked out from. */
  estimateFor(id: string | null, at: Instant): Pick<QuickLog, 'estimate' | 'packVersion'> {
    const procedure = this.get(id);
    const estimate = procedure ? (this.#catalogue?.estimateFor(procedure, at) ?? null) : null;
    return { estimate, packVersion: this.version };
  }
}

export const procedurePack = new ProcedurePack();

/** What a subject is called; its id where the pack no longer has it, so that nothing is ever unnamed. */
export const procedureNames = {
  of(id: string, m: Messages): string {
    return procedurePack.get(id)?.shortName ?? (id === 'other' ? m.field.today.otherSubject : id);
  },
};
