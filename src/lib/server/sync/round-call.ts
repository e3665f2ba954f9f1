import type { PersonId, WardId } from '$lib/domain/record/ids.ts';
import type { RoundRequest } from '$lib/protocol/round.ts';
import type { EpochWorld } from './epochs.ts';

/** Who holds a session, as the door (server/auth) has checked it for this very request. */
export interface RoundSession {
  readonly ward: WardId;
  readonly person: PersonId;
  /** Of the data key that the device has vouched for; null: of none. */
  readonly keyMark: string | null;
}

/** Everything a round touches. Time and chance come from here alone. */
export type RoundWorld = EpochWorld;

export interface RoundCall {
  /** `<ward>.<secret>`, from the Authorization header; null when there was none. */
  readonly token: string | null;
  /** Looked up while the speaker is. */
  readonly session: RoundSession | null | Promise<RoundSession | null>;
  /** Already checked against `roundRequestSchema`. */
  readonly body: RoundRequest;
}
