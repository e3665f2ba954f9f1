/** The course of a filing (product.md "Filing status"). `unknown` is computed, never stored. */
export const FILING_STATUSES = [
  'submitted',
  'received',
  'processing',
  'supplement_needed',
  'result_ready',
  'result_received',
  'refused',
  'withdrawn',
  'stopped',
] as const;

/** Who says so, weakest first. */
export const SIGHTING_SOURCES = ['resident_said', 'helper_saw', 'one_stop_sheet'] as const;
