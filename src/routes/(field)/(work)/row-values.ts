import type { AssistValues } from '$lib/domain/assist/assist.ts';
import type { FilingValues } from '$lib/domain/filing/filing.ts';
import type { Row } from '$lib/domain/record/row.ts';

/** A row's plain fields as its noun's values: rows were parsed where they came in. */
export function assistValues(row: Row): AssistValues {
  return row.fields as unknown as AssistValues;
}

export function filingValues(row: Row): FilingValues {
  return row.fields as unknown as FilingValues;
}
