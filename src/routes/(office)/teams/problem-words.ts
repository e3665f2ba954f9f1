import type { OfficeWords } from '$lib/messages/office-words.ts';

/** The words of a problem that an action answered with. */
export function problemWords(text: OfficeWords['officePeople'], problem: string): string {
  const known: Readonly<Record<string, string>> = text.problems;
  return (Object.hasOwn(known, problem) ? known[problem] : undefined) ?? text.problems.refused;
}
