import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { openPersonal } from '$lib/phone/view/personal-parts.ts';
import type { ShownRow } from '$lib/phone/view/shown-row.ts';

/** A record's personal values, opened in memory for as long as a screen shows them. */
export class OpenedPersonal {
  values = $state.raw<PersonalValues>({});
  /** The late values of its clashes: `field/late mutation` → value. */
  late = $state.raw<Readonly<Record<string, string>>>({});
  unreadable = $state(false);

  /** `source` may read runes. Call while a component is being set up. */
  constructor(phone: OpenPhone, source: () => ShownRow) {
    $effect(() => {
      const record = source();
      let stale = false;
      void openPersonal(phone, record).then((opened) => {
        if (stale) return;
        this.values = opened.values;
        this.late = opened.late;
        this.unreadable = opened.unreadable;
      });
      return () => (stale = true);
    });
  }
}
