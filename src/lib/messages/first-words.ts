import { assistCard } from './vi/assist-card.ts';
import { controls } from './vi/controls.ts';
import { demo } from './vi/demo.ts';
import { errors } from './vi/errors.ts';
import { home } from './vi/home.ts';
import { shell } from './vi/shell.ts';
import { states } from './vi/states.ts';

/** The part of the dictionary that Hôm nay, the frame around it and the error page speak. */
export const firstWords = { assistWords: assistCard, controls, demo, errors, field: home, shell, states };
