/** UTF-16 offsets into the text that was searched, end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface DigitGroup extends Span {
  readonly digits: number;
}

/** Groups of digits that a reader takes for one number: "001 202 012 345", "48.29.13". */
export interface DigitRun extends Span {
  readonly groups: readonly DigitGroup[];
}

/**
 * Answers how far the marks reach that begin at or before a point; asked with points that only grow,
 * so that a long text costs no more than its length.
 */
export function reachOf(marks: readonly Span[]): (point: number) => number {
  const inOrder = [...marks].sort((a, b) => a.start - b.start);
  let next = 0;
  let reach = -1;
  return (point) => {
    for (let mark = inOrder[next]; mark && mark.start <= point; mark = inOrder[next]) {
      reach = Math.max(reach, mark.end);
      next += 1;
    }
    return reach;
  };
}

const GROUP = /\p{Nd}+/gu;

/**
 * What may stand inside a number: spaces and unseen characters, with at most one dot, hyphen or
 * the like among them; a comma only without a space, for "3, 12, 15" is a list. A new line ends it.
 */
const INSIDE_NUMBER =
  /^(?:[\p{Zs}\t\u200b-\u200d\u2060\ufeff]{0,2}[.\-\u2010-\u2015_·•]?[\p{Zs}\t\u200b-\u200d\u2060\ufeff]{0,2}|,)$/u;

/** The runs of digits of a text, leaving out the groups inside harmless spans (which end a run). */
export function digitRuns(text: string, harmless: readonly Span[]): DigitRun[] {
  const runs: { start: number; end: number; groups: DigitGroup[] }[] = [];
  const harmlessUpTo = reachOf(harmless);
  let open = false;
  for (const match of text.matchAll(GROUP)) {
    const group = {
      start: match.index,
      end: match.index + match[0].length,
      digits: Array.from(match[0]).length,
    };
    if (harmlessUpTo(group.start) >= group.end) {
      open = false;
      continue;
    }
    const last = open ? runs.at(-1) : undefined;
    if (last && INSIDE_NUMBER.test(text.slice(last.end, group.start))) {
      last.groups.push(group);
      last.end = group.end;
    } else {
      runs.push({ start: group.start, end: group.end, groups: [group] });
      open = true;
    }
  }
  return runs;
}
