import type { GrantId, PersonId, ReplicaId, WardId } from '$lib/domain/record/ids.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { GrantRecord, WardReader } from './store.ts';

/** Somebody acting under a grant; `revoked`: what they bring goes to quarantine; `unknown`: they never had one. */
export type Acting =
  { readonly is: 'actor'; readonly actor: Actor } | { readonly is: 'revoked' } | { readonly is: 'unknown' };

export function presentGrant(grants: readonly GrantRecord[]): GrantRecord | undefined {
  return grants.find((grant) => grant.ended === null);
}

/** Nobody's any more: the last grant ended, and not by a transfer to another. */
export function isRevoked(grants: readonly GrantRecord[]): boolean {
  return presentGrant(grants) === undefined && grants.some((grant) => grant.ended === 'revocation');
}

/** Under which authority people's mutations are judged; each person is looked up once a batch. */
export class Actors {
  readonly #tx: WardReader;
  readonly #ward: WardId;
  readonly #grants = new Map<PersonId, readonly GrantRecord[]>();

  constructor(tx: WardReader, ward: WardId) {
    this.#tx = tx;
    this.#ward = ward;
  }

  async load(person: PersonId): Promise<void> {
    if (!this.#grants.has(person)) this.#grants.set(person, await this.#tx.grants(person));
  }

  /** Neither may what they bring be taken, nor may they hold anything. They must have been loaded. */
  isEnded(person: PersonId): boolean {
    return isRevoked(this.#grants.get(person) ?? []);
  }

  /**
   * The grant a mutation names is the one it is judged under: ended by a transfer it is honoured, by a revocation not. One
   * that the tables do not hold (they were restored) counts as the present one.
   */
  actor(person: PersonId, replica: ReplicaId, named: GrantId): Acting {
    const grants = this.#grants.get(person) ?? [];
    const grant = grants.find((candidate) => candidate.grant === named) ?? presentGrant(grants);
    if (grant?.ended === 'revocation') return { is: 'revoked' };
    if (grant === undefined) return isRevoked(grants) ? { is: 'revoked' } : { is: 'unknown' };
    return this.#under(grant, person, replica);
  }

  /** The same, for what a leader takes in: the grant counts as if it had ended by a transfer. */
  vouchedFor(person: PersonId, replica: ReplicaId, named: GrantId): Acting {
    const grants = this.#grants.get(person) ?? [];
    const grant =
      grants.find((candidate) => candidate.grant === named) ?? presentGrant(grants) ?? grants.at(-1);
    return grant === undefined ? { is: 'unknown' } : this.#under(grant, person, replica);
  }

  #under({ role, teams, mustPass, grant }: GrantRecord, person: PersonId, replica: ReplicaId): Acting {
    return { is: 'actor', actor: { person, role, ward: this.#ward, teams, grant, replica, mustPass } };
  }
}
