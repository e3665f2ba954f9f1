import { gunzipSync } from 'node:zlib';
import { apply, type World } from '$lib/domain/record/apply.ts';
import { belongingOf, bucketsGranted, bucketsOf, parentIdOf } from '$lib/domain/record/belonging.ts';
import type { MutationId } from '$lib/domain/record/ids.ts';
import type { Mutation, Outcome } from '$lib/domain/record/mutation.ts';
import { type ConfirmedRow, type Row, rowKey } from '$lib/domain/record/row.ts';
import type { Account } from '$lib/protocol/enrol.ts';
import type { Envelope } from '$lib/protocol/envelope.ts';
import type { RoundAnswer, RoundRequest, Settled, WireRow } from '$lib/protocol/round.ts';
import { PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '$lib/protocol/version.ts';
import { actorOf } from '$lib/phone/commands/actor-of.ts';

interface Replica {
  readonly account: Account;
  lastSeq: number;
  readonly settled: Map<number, Settled & { bytes: string }>;
}

/** A ward's server, plain and in memory: enough to prove the phone's side of a round. The real one has its own proofs. */
export class PlainWard {
  epoch = 'epoch-1';
  serverTime = Date.UTC(2026, 10, 22, 2, 0, 5);
  version = 0;
  pageSize = 1000;
  signedIn = true;
  problem: RoundAnswer['problem'] = null;
  retryAfter: number | null = null;
  deliveryKey = { id: 'delivery-1', publicKey: 'AAAA' };
  /** Rows come down only under a key whose envelope is sealed to this one. */
  opensOnly: string | null = null;
  refuse: (mutation: Mutation) => Outcome | null = () => null;
  readonly rows = new Map<string, ConfirmedRow>();
  readonly tokens = new Map<string, string>();
  readonly replicas = new Map<string, Replica>();
  readonly known = new Map<string, Settled>();
  readonly resettled: Settled[] = [];
  readonly requests: RoundRequest[] = [];
  readonly withdrawn = new Set<string>();

  /** A ward that knows this phone, and nobody else. */
  static knowing(phone: {
    readonly replica: string;
    readonly token: string;
    readonly account: Account;
  }): PlainWard {
    const ward = new PlainWard();
    ward.enrol(phone.replica, phone.token, phone.account);
    return ward;
  }

  enrol(replica: string, token: string, account: Account): void {
    this.replicas.set(replica, { account, lastSeq: 0, settled: new Map() });
    this.tokens.set(token, replica);
  }

  /** What the server knew at this moment; the returned function brings it back under a new epoch. */
  backup(): () => void {
    const rows = new Map(this.rows);
    const known = new Map(this.known);
    const replicas = new Map(
      [...this.replicas].map(([id, r]) => [id, { ...r, settled: new Map(r.settled) }]),
    );
    const { version } = this;
    return () => {
      this.rows.clear();
      this.known.clear();
      this.replicas.clear();
      for (const [id, row] of rows) this.rows.set(id, row);
      for (const [id, settled] of known) this.known.set(id, settled);
      for (const [id, replica] of replicas) this.replicas.set(id, replica);
      this.version = version;
      this.epoch = `${this.epoch}+`;
    };
  }

  readonly fetch = (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    const token = (headers.get('authorization') ?? '').replace('Bearer ', '');
    if (url === '/api/replica')
      return Promise.resolve(this.fork(token, JSON.parse(init.body as string) as { replica: string }));
    const raw = init.body as Uint8Array;
    const text =
      headers.get('content-encoding') === 'gzip' ? gunzipSync(raw).toString() : new TextDecoder().decode(raw);
    const request = JSON.parse(text) as RoundRequest;
    this.requests.push(request);
    if (this.tokens.get(token) !== request.replica) {
      return Promise.resolve(this.reply({ problem: 'unknown_token', retryAfter: null }, 401));
    }
    return Promise.resolve(this.reply(this.round(request), 200));
  };

  private reply(body: unknown, status: number): Response {
    const headers = { 'content-type': SYNC_CONTENT_TYPE, [PROTOCOL_HEADER]: '1' };
    return new Response(JSON.stringify(body), { status, headers });
  }

  private fork(token: string, { replica }: { replica: string }): Response {
    const old = this.replicas.get(this.tokens.get(token) ?? '');
    if (!old) return new Response('{}', { status: 401 });
    const fresh = `${old.account.ward}.${replica}`;
    if (!this.replicas.has(replica)) this.enrol(replica, fresh, old.account);
    return Response.json({ replica, deliveryToken: fresh });
  }

  /** One round, judged as the real server would. */
  round(request: RoundRequest): RoundAnswer {
    const replica = this.replicas.get(request.replica)!;
    let problem = this.problem;
    // Asked to be left alone, a ward takes nothing.
    for (const envelope of problem === 'slow_down' ? [] : request.up) {
      problem = this.take(replica, envelope, request.replica) ?? problem;
      if (problem === 'gap' || problem === 'forked') break;
    }
    const settled = [...replica.settled.values()]
      .filter(({ seq }) => seq > request.heardTo)
      .sort((a, b) => a.seq - b.seq);
    const key = request.keys.find((one) => one.key === request.down?.key);
    const unopened = request.down !== null && this.opensOnly !== null && key?.to !== this.opensOnly;
    if (unopened && this.signedIn) problem ??= 'unknown_key';
    const session = request.down !== null && this.signedIn && !unopened;
    const own = session ? this.ownRows(replica, request.rowsTo) : [];
    return {
      epoch: this.epoch,
      serverTime: this.serverTime,
      lastSeq: replica.lastSeq,
      problem,
      retryAfter: this.retryAfter,
      settled: settled.map(({ bytes: _bytes, ...rest }) => rest),
      settledAll: true,
      resettled: this.resettled,
      signedIn: request.down !== null && this.signedIn,
      own,
      ownTo: session ? replica.lastSeq : request.rowsTo,
      down: session ? this.down(replica.account, request) : null,
      deliveryKey: this.deliveryKey,
      receipt: `${this.epoch}/${this.version}`,
    };
  }

  private take(replica: Replica, envelope: Envelope, id: string): RoundAnswer['problem'] {
    const bytes = `${envelope.id}|${envelope.plain}|${envelope.sealed ?? ''}`;
    const before = replica.settled.get(envelope.seq);
    if (before) return before.bytes === bytes ? null : 'forked';
    if (envelope.seq !== replica.lastSeq + 1) return envelope.seq <= replica.lastSeq ? 'forked' : 'gap';
    replica.lastSeq = envelope.seq;
    const known = this.known.get(envelope.id);
    const settled = known ? { ...known, seq: envelope.seq } : this.judge(replica, envelope, id);
    this.known.set(envelope.id, settled);
    replica.settled.set(envelope.seq, { ...settled, bytes });
    return null;
  }

  private judge(replica: Replica, envelope: Envelope, id: string): Settled {
    const { seq } = envelope;
    const refused = (outcome: Outcome): Settled =>
      ({ seq, id: envelope.id, outcome, commit: this.version }) as Settled;
    if (envelope.plain === '') return refused({ is: 'given_up' });
    const mutation = JSON.parse(envelope.plain) as Mutation;
    const early = this.refuse(mutation);
    if (early) return refused(early);
    const actor = { ...actorOf(replica.account), replica: id as Row['clashes'][number]['replica'] };
    const verdict = apply(this.world(), mutation, envelope.sealed, actor);
    const commit = this.version + 1;
    for (const row of verdict.rows) this.put(row);
    return { seq, id: envelope.id, outcome: verdict.outcome, commit } as Settled;
  }

  /** Writes a row as some other office or phone would. */
  put(row: Row): void {
    this.version += 1;
    this.rows.set(rowKey(row.kind, row.id), { ...row, version: this.version, epoch: this.epoch });
  }

  private world(): World {
    return {
      row: (kind, id) => this.rows.get(rowKey(kind, id)),
      refusedCreator: (_kind, id) => this.creatorOf(id),
      readStamp: (stamp, row, field) => this.readStamp(stamp, row, field),
      mayStillArrive: false,
    };
  }

  readonly refusedPlain = new Map<string, Mutation>();
  private creatorOf(id: string): MutationId | undefined {
    for (const mutation of this.refusedPlain.values()) {
      if (mutation.changes.some((change) => change.create && change.id === id)) return mutation.id;
    }
    return undefined;
  }

  private readStamp(stamp: MutationId, row: string, field: string): MutationId | null {
    const refused = this.refusedPlain.get(stamp);
    const change = refused?.changes.find((one) => rowKey(one.row, one.id) === row);
    return refused ? (change?.set?.[field]?.on ?? null) : stamp;
  }

  private wire(row: ConfirmedRow): WireRow {
    const { epoch: _epoch, ...rest } = row;
    return rest as unknown as WireRow;
  }

  private ownRows(replica: Replica, rowsTo: number): WireRow[] {
    const keys = new Set<string>();
    for (const { seq, bytes } of replica.settled.values()) {
      if (seq <= rowsTo) continue;
      const plain = bytes.slice(bytes.indexOf('|') + 1, bytes.lastIndexOf('|'));
      if (plain === '') continue;
      for (const change of (JSON.parse(plain) as Mutation).changes) keys.add(rowKey(change.row, change.id));
    }
    return [...keys].flatMap((key) => (this.rows.has(key) ? this.wire(this.rows.get(key)!) : []));
  }

  private bucketsOfRow(row: ConfirmedRow, account: Account): readonly string[] {
    const parent = parentIdOf(row);
    const assist = parent === null ? undefined : this.rows.get(rowKey('assist', parent));
    return bucketsOf(row, belongingOf(account.ward, row, assist));
  }

  /** Cursor: `<epoch>:<version>:<full so far>`. */
  private down(account: Account, request: RoundRequest): NonNullable<RoundAnswer['down']> {
    const cursors = request.down!.cursors;
    const teams = account.teams.map((team) => team.id);
    const granted = bucketsGranted({ ...account, teams }).filter((bucket) => !this.withdrawn.has(bucket));
    const buckets = granted.map((bucket) => {
      const [epoch, from, filling] = (cursors[bucket] ?? '').split('|');
      const standing = epoch === this.epoch;
      const after = standing ? Number(from) : 0;
      const all = [...this.rows.values()]
        .filter((row) => row.version > after && this.bucketsOfRow(row, account).includes(bucket))
        .sort((a, b) => a.version - b.version);
      const page = all.slice(0, this.pageSize);
      const more = all.length > page.length;
      const to = more ? page.at(-1)!.version : this.version;
      const stillFilling = more && (!standing || filling === 'filling');
      return {
        bucket,
        rows: page.map((row) => this.wire(row)),
        gone: [],
        cursor: `${this.epoch}|${to}|${stillFilling ? 'filling' : 'full'}`,
        more,
        fromStart: !standing,
        total: !standing || filling === 'filling' ? all.length : null,
      };
    });
    return { buckets, dropped: Object.keys(cursors).filter((bucket) => !granted.includes(bucket)) };
  }
}
