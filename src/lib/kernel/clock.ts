/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;

/** Where time comes from: the machine's clock in production, the simulator's in tests. */
export interface Clock {
  now(): Instant;
}
