import { onMount } from 'svelte';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { dropDraft, openDraft, putDraft } from '$lib/phone/drafts/drafts.ts';
import type { QuickAnswers } from './quick-answers.ts';

/** One unfinished quick log at a time: opening Ghi nhanh goes on with it. */
export const QUICK_DRAFT = 'quick';

/** The answers on the screen and their sealed copy on the phone, so that a kill loses nothing. */
export class QuickDraft {
  readonly id = QUICK_DRAFT;
  answers = $state<QuickAnswers>() as QuickAnswers;
  readonly #phone: OpenPhone;
  #over = false;
  #untouched: string;

  /** Call while a component is being set up. */
  constructor(phone: OpenPhone, start: QuickAnswers) {
    this.#phone = phone;
    this.answers = start;
    this.#untouched = JSON.stringify(start);
    onMount(() => void this.#resume());
    $effect(() => {
      const now = JSON.stringify(this.answers);
      if (now !== this.#untouched) void this.keep('typing');
    });
  }

  async #resume(): Promise<void> {
    const kept = await openDraft(this.#phone, this.id);
    if (!kept.ok || kept.value === null) return;
    this.#untouched = JSON.stringify(kept.value);
    this.answers = kept.value as unknown as QuickAnswers;
  }

  /** Seals what is on the screen. `step`: with strict durability. */
  async keep(how: 'typing' | 'step'): Promise<void> {
    if (this.#over || JSON.stringify(this.answers) === this.#untouched) return;
    await putDraft(this.#phone, this.id, $state.snapshot(this.answers), how);
  }

  /** It was saved: the save took the draft with it. */
  done(): void {
    this.#over = true;
  }

  async drop(): Promise<void> {
    this.#over = true;
    await dropDraft(this.#phone.db, this.id);
  }
}
