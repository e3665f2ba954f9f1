import type { Messages } from './dictionary.ts';
import { assistWords as enAssistWords } from './en/assist-words.ts';
import { controls as enControls } from './en/controls.ts';
import { demo as enDemo } from './en/demo.ts';
import { entering as enEntering } from './en/entering.ts';
import { entry as enEntry } from './en/entry.ts';
import { errors as enErrors } from './en/errors.ts';
import { field as enField } from './en/field.ts';
import { filingWords as enFilingWords } from './en/filing-words.ts';
import { home as enHome } from './en/home.ts';
import { shell as enShell } from './en/shell.ts';
import { states as enStates } from './en/states.ts';

/** English: one line an area, the same areas as in dictionary.ts (the compiler says so). */
export const en: Messages = {
  assistWords: enAssistWords,
  controls: enControls,
  demo: enDemo,
  entering: enEntering,
  entry: enEntry,
  errors: enErrors,
  field: { ...enHome, ...enField },
  filingWords: enFilingWords,
  shell: enShell,
  states: enStates,
};
