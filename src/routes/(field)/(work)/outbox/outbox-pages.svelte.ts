import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { needsYouCount, unsentCount } from '$lib/phone/view/outbox-counts.ts';
import { outboxList } from '$lib/phone/view/outbox-view.ts';
import { LiveQuery } from '../live-query.svelte.ts';

const PAGE = 40;

/** What Chờ gửi shows of the outbox: a screenful of each kind, and how many there are. */
export class OutboxPages {
  #most = $state(PAGE);
  readonly #lines;
  readonly #counts;

  /** Call while a component is being set up. */
  constructor({ db }: Pick<OpenPhone, 'db'>) {
    this.#lines = new LiveQuery(() => {
      const most = this.#most;
      return () => outboxList(db, most);
    });
    this.#counts = new LiveQuery(() => async () => ({
      waiting: await unsentCount(db),
      needsYou: await needsYouCount(db),
    }));
  }

  readonly loading = $derived.by(
    () => this.#lines.current === undefined || this.#counts.current === undefined,
  );
  readonly needsYou = $derived.by(() => this.#of('needs_you'));
  readonly waiting = $derived.by(() => this.#of('on_phone', 'sending'));
  readonly arrived = $derived.by(() => this.#of('arrived'));
  /** How many wait in all. */
  readonly count = $derived.by(() => this.#counts.current?.waiting ?? 0);
  readonly needsYouCount = $derived.by(() => this.#counts.current?.needsYou ?? 0);
  readonly more = $derived.by(
    () => this.count > this.waiting.length || this.needsYouCount > this.needsYou.length,
  );
  /** What no network let through is in the file too, though its empty envelope was heard. */
  readonly mayCarry = $derived.by(
    () => this.count > 0 || this.needsYou.some(({ outcome }) => outcome?.is === 'given_up'),
  );

  showMore(): void {
    this.#most += PAGE;
  }

  #of(...states: readonly string[]) {
    return this.#lines.current?.filter(({ state }) => states.includes(state)) ?? [];
  }
}
