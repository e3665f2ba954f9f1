import { readdirSync, readFileSync } from 'node:fs';
import type { Mutation } from '$lib/domain/record/mutation.ts';
import { utf8 } from '$lib/kernel/bytes.ts';
import { importAesKey, sealBytes } from '$lib/kernel/crypto/aes-gcm.ts';
import { sealToBox } from '$lib/kernel/crypto/sealed-box.ts';
import { keyAad, sealedAad } from '$lib/protocol/bound-bytes.ts';
import type { Envelope, KeyEnvelope } from '$lib/protocol/envelope.ts';
import { roundAnswerSchema, type RoundAnswer } from '$lib/protocol/round.ts';
import type { PhoneIdentity } from '../support/sync-phone.ts';
import type { SyncServer } from '../support/sync-ward.ts';
import { knock } from './front-door.ts';
import { fault, type Sim } from './sim-world.ts';
import type { Fate } from './step.ts';

const FOLDER = 'tests/fixtures/wire';
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A request as the first release sent it. */
interface Recorded {
  readonly identity: PhoneIdentity;
  readonly body: string;
  readonly expect: {
    readonly outcomes: readonly string[];
    readonly row: string;
    readonly values: Readonly<Record<string, string>>;
  };
}

/** The oldest format that was ever released, with its number. */
const OLDEST = readdirSync(FOLDER)
  .flatMap((name) => {
    const protocol = Number(/^v(\d+)\.json$/.exec(name)?.[1] ?? NaN);
    return Number.isNaN(protocol) ? [] : [{ protocol, name }];
  })
  .sort((a, b) => a.protocol - b.protocol)[0];
if (OLDEST === undefined) throw new Error('no recorded wire format');
const RECORDED = JSON.parse(readFileSync(`${FOLDER}/${OLDEST.name}`, 'utf8')) as Recorded;
const BODY = JSON.parse(RECORDED.body) as { readonly up: readonly Envelope[] };

/** A save of the old app, and what the release that recorded it was answered. */
export interface OldSave {
  readonly envelope: Envelope;
  readonly mutation: Mutation;
  readonly expected: string;
}

/**
 * A phone that was never updated: it says what the oldest release said, to the letter, but for its own ids; it delivers,
 * hears outcomes, and knows nothing newer.
 */
export class OldApp {
  readonly saves: OldSave[] = [];
  identity: PhoneIdentity;
  heardTo = 0;
  lost = false;
  readonly #server: SyncServer;
  readonly #raw: Uint8Array<ArrayBuffer>;
  readonly #key: KeyEnvelope;
  /** Ids of the record it is at → its own. */
  #ids = new Map<string, string>();

  private constructor(given: {
    server: SyncServer;
    identity: PhoneIdentity;
    raw: Uint8Array<ArrayBuffer>;
    key: KeyEnvelope;
  }) {
    this.#server = given.server;
    this.identity = given.identity;
    this.#raw = given.raw;
    this.#key = given.key;
  }

  static async found(server: SyncServer, owner: PhoneIdentity): Promise<OldApp> {
    const identity = await server.enrolAgain({ ...owner, device: server.make.id() });
    const raw = new Uint8Array(server.random.bytes(32));
    const { id, publicKey } = server.world.keys.deliveryKey;
    const box = await sealToBox(publicKey, raw, keyAad(identity.person, identity.device, 'kold'));
    if (box === null) throw new Error('not a delivery key');
    return new OldApp({ server, identity, raw, key: { key: 'kold', to: id, box } });
  }

  /** The next of the recorded saves; after the last the same again, about another visit. */
  async save(): Promise<OldSave> {
    const at = this.saves.length % BODY.up.length;
    const recorded = BODY.up[at];
    if (recorded === undefined) throw new Error('nothing was recorded');
    if (at === 0) this.#ids = this.#ownIds();
    const own = (text: string): string => text.replace(UUID, (id) => this.#idFor(id));
    const plain = own(recorded.plain);
    const id = own(recorded.id);
    const sealed =
      recorded.sealed === null
        ? null
        : await this.#seal(id, plain, { [own(RECORDED.expect.row)]: RECORDED.expect.values });
    const envelope = {
      ...recorded,
      seq: this.saves.length + 1,
      id: id as Envelope['id'],
      plain,
      sealed,
      key: sealed === null ? null : this.#key.key,
    };
    const save = {
      envelope,
      mutation: JSON.parse(plain) as Mutation,
      expected: RECORDED.expect.outcomes[at] ?? '',
    };
    this.saves.push(save);
    return save;
  }

  #ownIds(): Map<string, string> {
    const { person, grant, team, replica, device } = RECORDED.identity;
    const own = this.identity;
    return new Map([
      [person, own.person],
      [grant, own.grant],
      [team, own.team],
      [replica, own.replica],
      [device, own.device],
    ]);
  }

  #idFor(recorded: string): string {
    const known = this.#ids.get(recorded) ?? this.#server.make.id();
    this.#ids.set(recorded, known);
    return known;
  }

  async #seal(id: string, plain: string, values: object): Promise<string> {
    const key = await importAesKey(this.#raw);
    return sealBytes(key, utf8(JSON.stringify(values)), await sealedAad(this.identity.person, id, plain));
  }

  /** Delivers until it has heard of everything, or the network fails it. */
  async deliver(sim: Sim, fates: readonly Fate[]): Promise<void> {
    for (let count = 0; count < 6; count++) {
      if (this.lost) await this.#enrolAgain(sim);
      const fate = fates[Math.min(count, fates.length - 1)] ?? 'ok';
      const answer = await this.#ask(sim, fate).catch((error: unknown) => {
        if (error instanceof TypeError && error.message === 'network') return null;
        throw error;
      });
      if (answer === null && !this.lost) return;
      if (answer !== null) this.#take(sim, answer);
      if (!this.lost && this.heardTo === this.saves.length) return;
    }
  }

  /** The ward was put back to before it knew this phone. */
  async #enrolAgain(sim: Sim): Promise<void> {
    this.identity = await this.#server.enrolAgain(this.identity);
    sim.tokens.set(this.identity.token, this.identity.person);
    this.heardTo = 0;
    this.lost = false;
  }

  async #ask(sim: Sim, fate: Fate): Promise<RoundAnswer | null> {
    if (fate === 'drop' || fate === 'html' || fate === 'large' || fate === 'busy') return null;
    const body = {
      ...BODY,
      replica: this.identity.replica,
      heardTo: this.heardTo,
      up: this.saves.slice(this.heardTo).map(({ envelope }) => envelope),
      keys: [this.#key],
    };
    const altered = sim.defect?.oldRequest?.(body) ?? body;
    const call = {
      token: this.identity.token,
      protocol: OLDEST?.protocol ?? 0,
      session: null,
      keyMark: null,
    };
    const send = (): Promise<Response> => knock(sim, { ...call, body: JSON.stringify(altered) });
    if (fate === 'twice') await send();
    const response = await send();
    if (fate !== 'ok' && fate !== 'twice') return null;
    const text = await response.text();
    if (response.status === 200) return roundAnswerSchema.parse(JSON.parse(text));
    if (response.status === 401 && sim.restores > 0) this.lost = true;
    else if (response.status !== 503) fault(sim, 'I9', `an old app was answered ${response.status} ${text}`);
    return null;
  }

  #take(sim: Sim, { settled, lastSeq, problem }: RoundAnswer): void {
    if (problem !== null && !(problem === 'gap' && lastSeq < this.heardTo))
      fault(sim, 'I9', `an old app was told ${problem}`);
    for (const { seq, id } of settled)
      if (this.saves[seq - 1]?.envelope.id !== id)
        fault(sim, 'I2', `an old app heard of ${id} under its seq ${seq}`);
    this.heardTo = Math.min(lastSeq, Math.max(this.heardTo, settled.at(-1)?.seq ?? 0));
  }
}
