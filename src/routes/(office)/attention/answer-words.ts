import type { OfficeWords } from '$lib/messages/office-words.ts';
import type { ActionData } from './$types';

type Text = OfficeWords['officeAttention'];
type Answer = { readonly tone: 'done' | 'wrong' | 'attention'; readonly text: string } | null;

function problemText(text: Text, problem: string): string {
  if (problem === 'chooseFirst' || problem === 'chooseReason') return text[problem];
  const known: Readonly<Record<string, string>> = text.problems;
  return known[problem] ?? text.problems.refused;
}

/** What the page says about the decision that was just sent. */
export function answerWords(text: Text, form: ActionData): Answer {
  if (!form) return null;
  if ('problem' in form) return { tone: 'wrong', text: problemText(text, form.problem) };
  if ('done' in form) return { tone: 'done', text: text[form.done] };
  const many =
    'acceptedAll' in form
      ? { ...form.acceptedAll, of: text.pile.accepted }
      : 'discardedAll' in form
        ? { ...form.discardedAll, of: text.pile.discarded }
        : null;
  if (many === null) return null;
  const rest = many.left > 0 ? ` ${text.pile.left(many.left)}` : '';
  return { tone: many.left > 0 ? 'attention' : 'done', text: many.of(many.done) + rest };
}
