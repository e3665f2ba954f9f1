import { controls as enControls } from './en/controls.ts';
import { demo as enDemo } from './en/demo.ts';
import { errors as enErrors } from './en/errors.ts';
import { shell as enShell } from './en/shell.ts';
import { states as enStates } from './en/states.ts';
import type { Locale } from './locale.ts';
import { controls } from './vi/controls.ts';
import { demo } from './vi/demo.ts';
import { errors } from './vi/errors.ts';
import { shell } from './vi/shell.ts';
import { states } from './vi/states.ts';

// One line per area in each language; Vietnamese is the source and gives the type.
const vi = {
  controls,
  demo,
  errors,
  shell,
  states,
};

/** Every word the interface says. Leaves are strings, or functions of strings and numbers. */
export type Messages = typeof vi;

const en: Messages = {
  controls: enControls,
  demo: enDemo,
  errors: enErrors,
  shell: enShell,
  states: enStates,
};

export const dictionary: Readonly<Record<Locale, Messages>> = { vi, en };

/** The words of one language. */
export function messagesFor(locale: Locale): Messages {
  return dictionary[locale];
}
