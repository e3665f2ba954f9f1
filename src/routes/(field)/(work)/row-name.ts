import type { Row } from '$lib/domain/record/row.ts';

/** What a row of people or places is called; a dash where it has no name. */
export function rowName({ fields }: Pick<Row, 'fields'>): string {
  const name = fields['name'];
  return typeof name === 'string' ? name : '–';
}
