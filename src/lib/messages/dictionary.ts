import { assistWords } from './vi/assist-words.ts';
import { controls } from './vi/controls.ts';
import { demo } from './vi/demo.ts';
import { entering } from './vi/entering.ts';
import { entry } from './vi/entry.ts';
import { errors } from './vi/errors.ts';
import { field } from './vi/field.ts';
import { filingWords } from './vi/filing-words.ts';
import { formControls } from './vi/form-controls.ts';
import { home } from './vi/home.ts';
import { shell } from './vi/shell.ts';
import { states } from './vi/states.ts';

/** Vietnamese, the source that gives the type: one line an area. English stands in english.ts and is loaded when wanted. */
export const vi = {
  assistWords,
  controls: { ...controls, ...formControls },
  demo,
  entering,
  entry,
  errors,
  field: { ...home, ...field },
  filingWords,
  shell,
  states,
};

/** Every word the interface says. Leaves are strings, or functions of strings and numbers. */
export type Messages = typeof vi;
