import { onMount } from 'svelte';
import { DraftTurns } from '$lib/phone/drafts/draft-turns.ts';
import { dropDraft, openDraft, putDraft } from '$lib/phone/drafts/drafts.ts';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { updates } from '$lib/phone/pwa/updates.ts';
import type { PhoneSession } from '$lib/phone/session/phone-session.ts';
import { VaultLocked } from '$lib/phone/session/vault-sealer.ts';

function listen(event: 'change' | 'visibilitychange', run: () => void): () => void {
  document.addEventListener(event, run);
  return () => document.removeEventListener(event, run);
}

interface Place {
  readonly phone: OpenPhone;
  readonly session: PhoneSession;
  /** One unfinished form of a name at a time: opening it again goes on with it. */
  readonly id: string;
}

/**
 * What is typed into a form and its sealed copy on the phone, so that a kill, a lock or an update loses nothing. While
 * something unsaved is on the screen the visit counts as open, and no update is taken.
 */
export class FormDraft<T extends object> {
  answers = $state() as T;
  /** The form goes on with what was left unfinished earlier. */
  resumed = $state(false);
  readonly id: string;
  readonly #phone: OpenPhone;
  readonly #start: string;
  #stored = false;
  #kept: string;
  readonly #turns = new DraftTurns();

  /** Call while a component is being set up. */
  constructor({ phone, session, id }: Place, start: T) {
    this.#phone = phone;
    this.id = id;
    this.#start = JSON.stringify(start);
    this.answers = start;
    this.#kept = this.#start;
    onMount(() => {
      void this.#resume();
      session.visitOpen(true);
      const unhook = [
        session.beforeLock(() => this.keep('step')),
        updates.beforeTake(() => Promise.resolve(!this.touched)),
        // A tile was tapped, a field left, the phone put away: each is a step, kept whatever dies next.
        listen('change', () => void this.keep('step')),
        listen('visibilitychange', () => {
          if (document.visibilityState === 'hidden') void this.keep('step');
        }),
      ];
      return () => {
        for (const off of unhook) off();
        session.visitOpen(false);
      };
    });
    $effect(() => {
      if (JSON.stringify(this.answers) !== this.#kept) void this.keep('typing');
    });
  }

  /** Somebody answered something that is saved nowhere else. */
  get touched(): boolean {
    return !this.#turns.over && JSON.stringify(this.answers) !== this.#start;
  }

  async #resume(): Promise<void> {
    const kept = await openDraft(this.#phone, this.id);
    // What was tapped while the draft was being opened stands.
    if (!kept.ok || kept.value === null || this.touched) return;
    this.#kept = JSON.stringify(kept.value);
    this.answers = kept.value as T;
    this.resumed = true;
    this.#stored = true;
  }

  /** Seals what is on the screen. `step`: with strict durability. */
  keep(how: 'typing' | 'step'): Promise<void> {
    return this.#turns.keep(() => this.#write(how));
  }

  async #write(how: 'typing' | 'step'): Promise<void> {
    const now = JSON.stringify(this.answers);
    if (now === this.#kept && how === 'typing') return;
    if (!this.touched && !this.#stored) return;
    this.#kept = now;
    this.#stored = true;
    try {
      await putDraft(this.#phone, this.id, $state.snapshot(this.answers), how);
    } catch (error) {
      // Locked while it was being sealed: what the lock itself had sealed just before stays.
      if (!(error instanceof VaultLocked)) throw error;
    }
  }

  /** What is on the screen now, as plain values for a command. */
  plain(): T {
    return JSON.parse(JSON.stringify(this.answers)) as T;
  }

  /** A save that takes the draft along: no write of it comes after one that stands. */
  saveWith<R extends { readonly ok: boolean }>(save: () => Promise<R>): Promise<R> {
    return this.#turns.save(save);
  }

  /** Begins anew; what was unfinished is dropped. */
  async restart(): Promise<void> {
    this.answers = JSON.parse(this.#start) as T;
    this.#kept = this.#start;
    this.#stored = false;
    this.resumed = false;
    await this.#turns.drop(() => dropDraft(this.#phone.db, this.id), false);
  }

  async drop(): Promise<void> {
    await this.#turns.drop(() => dropDraft(this.#phone.db, this.id), true);
  }
}
