import { alone, type Figure } from '../figures.ts';
import { fieldSizes, readBuild } from '../js-size.ts';

/** JavaScript of the field, gzipped file by file. */
export function sizeRow(): Promise<Figure[]> {
  const { home, behindHome, others } = fieldSizes(readBuild());
  const row = 'size';
  const unit = 'B';
  const largest = [...others].sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
  return Promise.resolve([
    alone({ row, what: 'home, before it is drawn', unit }, [home], 90_000),
    alone({ row, what: 'loaded behind home by itself', unit }, [behindHome], null),
    alone({ row, what: `largest other: ${largest[0]}`, unit }, [largest[1]], 25_000),
  ]);
}
