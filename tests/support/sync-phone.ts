import type { Mutation } from '../../src/lib/domain/record/mutation.ts';
import { fromBase64url, sha256, textOf, utf8 } from '../../src/lib/kernel/bytes.ts';
import { importAesKey, openBytes, sealBytes } from '../../src/lib/kernel/crypto/aes-gcm.ts';
import { sealToBox } from '../../src/lib/kernel/crypto/sealed-box.ts';
import type { Random } from '../../src/lib/kernel/random.ts';
import { dataKeyMark, keyAad, rowAad, sealedAad } from '../../src/lib/protocol/bound-bytes.ts';
import type { Envelope, KeyEnvelope } from '../../src/lib/protocol/envelope.ts';
import {
  roundAnswerSchema,
  roundRequestSchema,
  type QuarantinedRow,
  type RoundAnswer,
  type RoundRequest,
  type WireRow,
} from '../../src/lib/protocol/round.ts';
import type { RoundWorld } from '../../src/lib/server/sync/round-call.ts';
import { takeRound } from '../../src/lib/server/sync/round.ts';
import { takeUnsentFile } from '../../src/lib/server/sync/unsent-delivery.ts';
import {
  type UnsentAnswer,
  type UnsentFile,
  unsentFileSchema,
  unsentMac,
} from '../../src/lib/protocol/unsent-file.ts';
import type { Author } from './sync-mutations.ts';

export interface PhoneIdentity extends Author {
  readonly replica: string;
  readonly device: string;
  readonly token: string;
}

/** What a phone tells of itself. */
type PhoneSays = Pick<RoundRequest, 'unsent' | 'at' | 'app'>;

/**
 * The least phone that can speak the wire: an outbox, two marks, a receipt, cursors. It holds no rules of its own, so
 * that a test sees what the server says. The real courier is proven against the same server in the simulation.
 */
export class WirePhone {
  readonly identity: PhoneIdentity;
  readonly world: RoundWorld;
  readonly outbox: Envelope[] = [];
  heardTo = 0;
  rowsTo = 0;
  receipt: string | null = null;
  cursors: Record<string, string> = {};
  keys: KeyEnvelope[] = [];
  session = true;
  /** The mark of another key that its session vouches for; otherwise it is this phone's own. */
  vouched: string | null = null;
  readonly #raw: Uint8Array<ArrayBuffer>;
  readonly keyId: string;

  constructor(world: RoundWorld, identity: PhoneIdentity, random: Random) {
    this.world = world;
    this.identity = identity;
    this.#raw = random.bytes(32);
    this.keyId = `k${identity.device.slice(-8)}`;
  }

  /** Of its own data key. */
  keyMark(): Promise<string> {
    return dataKeyMark(this.#raw);
  }

  async makeKey(): Promise<void> {
    const { person, device } = this.identity;
    const { id, publicKey } = this.world.keys.deliveryKey;
    const box = await sealToBox(publicKey, this.#raw, keyAad(person, device, this.keyId));
    if (box === null) throw new Error('not a delivery key');
    this.keys = [{ key: this.keyId, to: id, box }];
  }

  /** Puts a mutation into the outbox under the next seq; `values` are sealed as the phone does it. */
  async save(
    mutation: Mutation,
    values: Record<string, Record<string, string>> | null = null,
  ): Promise<Envelope> {
    const plain = JSON.stringify(mutation);
    const seq = (this.outbox.at(-1)?.seq ?? 0) + 1;
    const sealed = values === null ? null : await this.#seal(mutation.id, plain, values);
    const envelope = { seq, id: mutation.id, plain, sealed, key: sealed === null ? null : this.keyId };
    this.outbox.push(envelope);
    return envelope;
  }

  async #seal(id: string, plain: string, values: object): Promise<string> {
    const key = await importAesKey(this.#raw);
    return sealBytes(key, utf8(JSON.stringify(values)), await sealedAad(this.identity.person, id, plain));
  }

  unsent(): Envelope[] {
    return this.outbox.filter((envelope) => envelope.seq > this.heardTo);
  }

  /** One request. What the phone remembers moves only with `take`. */
  async ask(
    given: { up?: readonly Envelope[]; limit?: number; down?: boolean; says?: PhoneSays } = {},
  ): Promise<RoundAnswer> {
    const { replica, token, ward, person } = this.identity;
    const body = roundRequestSchema.parse({
      replica,
      heardTo: this.heardTo,
      rowsTo: this.rowsTo,
      receipt: this.receipt,
      up: given.up ?? this.unsent(),
      keys: this.keys,
      down:
        given.down === false
          ? null
          : {
              cursors: this.cursors,
              limit: given.limit ?? 1000,
              key: this.keys.length > 0 ? this.keyId : null,
            },
      ...given.says,
    });
    const keyMark = this.vouched ?? (await this.keyMark());
    const session = this.session ? { ward: ward as never, person: person as never, keyMark } : null;
    const result = await takeRound(this.world, { token, session, body });
    if (result.status !== 200) throw new Error(result.problem);
    // The answer is what the wire's schema says, to the last key.
    return roundAnswerSchema.parse(JSON.parse(JSON.stringify(result.answer)));
  }

  take(answer: RoundAnswer): void {
    this.receipt = answer.receipt;
    this.heardTo = Math.max(this.heardTo, answer.settled.at(-1)?.seq ?? 0);
    this.rowsTo = answer.ownTo;
    for (const page of answer.down?.buckets ?? []) this.cursors[page.bucket] = page.cursor;
    for (const bucket of answer.down?.dropped ?? []) delete this.cursors[bucket];
  }

  async round(given: Parameters<WirePhone['ask']>[0] = {}): Promise<RoundAnswer> {
    const answer = await this.ask(given);
    this.take(answer);
    return answer;
  }

  async openQuarantined(entry: QuarantinedRow): Promise<unknown> {
    const key = await importAesKey(this.#raw);
    const bytes = await openBytes(
      key,
      entry.sealed ?? '',
      rowAad(this.identity.person, entry.id, 'quarantined'),
    );
    return bytes === null ? null : (JSON.parse(textOf(bytes)) as unknown);
  }

  async unsentFile(envelopes: readonly Envelope[] = this.unsent()): Promise<UnsentFile> {
    const { ward, replica, token } = this.identity;
    const content = unsentFileSchema.parse({
      format: 'xks-unsent',
      v: 1,
      ward,
      replica,
      envelopes,
      keys: this.keys,
      mac: '',
    });
    return { ...content, mac: await unsentMac(await sha256(utf8(token)), content) };
  }

  carry(file: UnsentFile): Promise<UnsentAnswer | null> {
    return takeUnsentFile(this.world, this.identity.token, file);
  }

  /** Opens what came down for a row, as the phone would after unlocking. */
  async open(row: WireRow): Promise<Record<string, string>> {
    const key = await importAesKey(this.#raw);
    const values: Record<string, string> = {};
    for (const [part, blob] of Object.entries(row.sealed)) {
      const bytes = await openBytes(key, blob, rowAad(this.identity.person, row.id, part));
      if (bytes === null || fromBase64url(blob) === null)
        throw new Error('a part that came down does not open');
      const fields = JSON.parse(textOf(bytes)) as Record<string, string>;
      for (const [field, value] of Object.entries(fields))
        if (row.stamps[field] === part) values[field] = value;
    }
    return values;
  }
}
