/** The four states a person sees on a record: on the phone, on its way, at the ward, or waiting for a person. */
export type RecordState = 'saved' | 'sending' | 'delivered' | 'attention';

export const RECORD_STATES: readonly RecordState[] = ['saved', 'sending', 'delivered', 'attention'];
