import { assistWords as enAssistWords } from './en/assist-words.ts';
import { controls as enControls } from './en/controls.ts';
import { demo as enDemo } from './en/demo.ts';
import { entering as enEntering } from './en/entering.ts';
import { entry as enEntry } from './en/entry.ts';
import { errors as enErrors } from './en/errors.ts';
import { field as enField } from './en/field.ts';
import { filingWords as enFilingWords } from './en/filing-words.ts';
import { shell as enShell } from './en/shell.ts';
import { states as enStates } from './en/states.ts';
import type { Locale } from './locale.ts';
import { assistWords } from './vi/assist-words.ts';
import { controls } from './vi/controls.ts';
import { demo } from './vi/demo.ts';
import { entering } from './vi/entering.ts';
import { entry } from './vi/entry.ts';
import { errors } from './vi/errors.ts';
import { field } from './vi/field.ts';
import { filingWords } from './vi/filing-words.ts';
import { shell } from './vi/shell.ts';
import { states } from './vi/states.ts';

// One line per area in each language; Vietnamese is the source and gives the type.
const vi = {
  assistWords,
  controls,
  demo,
  entering,
  entry,
  errors,
  field,
  filingWords,
  shell,
  states,
};

/** Every word the interface says. Leaves are strings, or functions of strings and numbers. */
export type Messages = typeof vi;

const en: Messages = {
  assistWords: enAssistWords,
  controls: enControls,
  demo: enDemo,
  entering: enEntering,
  entry: enEntry,
  errors: enErrors,
  field: enField,
  filingWords: enFilingWords,
  shell: enShell,
  states: enStates,
};

export const dictionary: Readonly<Record<Locale, Messages>> = { vi, en };

/** The words of one language. */
export function messagesFor(locale: Locale): Messages {
  return dictionary[locale];
}
