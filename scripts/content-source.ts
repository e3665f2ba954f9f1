import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';

/** Something wrong in a content file, where an editor can jump to it. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** One authored file: its value, and the line each part of it stands on. */
export interface SourceFile {
  readonly file: string;
  readonly value: unknown;
  /** Line of the value at `path`, or of its nearest parent that is there. From 1. */
  readonly lineOf: (path: Path) => number;
}

export function describe(problem: Problem): string {
  return `${problem.file}:${String(problem.line)}: ${problem.message}`;
}

/** Reads one YAML file. Syntax errors and repeated keys are problems, and the value is then null. */
export function readYaml(file: string, problems: Problem[]): SourceFile {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, uniqueKeys: true });
  for (const error of document.errors) {
    problems.push({ file, line: error.linePos?.[0].line ?? 1, message: error.message.split('\n')[0] ?? '' });
  }
  const broken = document.errors.length > 0;
  return {
    file,
    value: broken ? null : (document.toJS() as unknown),
    lineOf: (path) => {
      for (let depth = path.length; depth >= 0; depth--) {
        const node = document.getIn(path.slice(0, depth), true);
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
      }
      return 1;
    },
  };
}
