import { type Figure, missedBy } from './figures.ts';

const number = (value: number): string =>
  value >= 1000
    ? Math.round(value).toLocaleString('en')
    : value >= 100
      ? value.toFixed(0)
      : value.toPrecision(3);

function cells(figure: Figure): string[] {
  const { row, what, unit, ours, floor, ratio, goal, rounds } = figure;
  const missed = missedBy(figure);
  const wanted = goal === null ? '' : `≤ ${goal.most}${goal.of === 'ratio' ? ' ×' : ` ${unit}`}`;
  const verdict =
    goal === null ? '' : missed === null ? 'reached' : `missed by ${((missed - 1) * 100).toFixed(0)} %`;
  return [
    row,
    what,
    `${number(ours)} ${unit}`,
    floor === null ? '' : `${number(floor.value)} ${unit} (${floor.name})`,
    ratio === null ? '' : ratio.toFixed(2),
    wanted,
    verdict,
    String(rounds),
  ];
}

/** The figures as a table for a terminal or a page of Markdown. */
export function tableOf(figures: readonly Figure[]): string {
  const head = ['row', 'what', 'ours', 'floor', 'ratio', 'goal', '', 'rounds'];
  const lines = [head, ...figures.map(cells)];
  const widths = head.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  const drawn = lines.map(
    (line) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`,
  );
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [drawn[0], rule, ...drawn.slice(1)].join('\n');
}
