import { field } from '../../src/lib/messages/vi/field.ts';

/** Vietnamese as the screens speak it: a few hundred different words. */
const WORDS = JSON.stringify(field).match(/\p{L}{2,}/gu) ?? [];

/** A note of a helper, 20 to 40 words: the same number gives the same note. */
export function noteOf(at: number): string {
  let state = (Math.imul(at + 1, 2_654_435_761) ^ 0x9e3779b9) >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const length = 20 + next(21);
  return Array.from({ length }, () => WORDS[next(WORDS.length)]).join(' ');
}
