import { live } from '$lib/phone/view/live.ts';

/** A query of the phone's database as a rune: undefined until it has answered once, then live. */
export class LiveQuery<T> {
  current = $state.raw<T | undefined>(undefined);
  /** The first answer, unmoved by later ones: what a form began from. */
  first = $state.raw<T | undefined>(undefined);
  failed = $state(false);

  /** `query` may read runes: it is asked anew when they change. Call while a component is being set up. */
  constructor(query: () => () => Promise<T>) {
    $effect(() => {
      const ask = query();
      this.failed = false;
      return live(ask).subscribe(
        (value) => {
          this.current = value;
          this.first ??= value;
          this.failed = false;
        },
        () => (this.failed = true),
      );
    });
  }
}
