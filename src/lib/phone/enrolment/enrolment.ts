import { fromBase64url } from '../../kernel/bytes.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import {
  type Account,
  type EnrolAnswer,
  enrolAnswerSchema,
  type EnrolRequest,
} from '../../protocol/enrol.ts';
import type { KeyEnvelope } from '../../protocol/envelope.ts';
import { askServer, type AskFault, type Fetch } from '../session/ask-server.ts';
import type { AccountShelves } from '../vault/account-shelf.ts';
import { type RawKey, unwrapKeys } from '../vault/data-keys.ts';
import type { PendingEnrolment } from '../vault/device-store.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { derivePinKey } from '../vault/pin-key.ts';
import { makeVault, type VaultPorts } from '../vault/vault.ts';
import type { VaultRecord } from '../vault/vault-record.ts';
import { deviceLabel } from './device-label.ts';
import { ownDevice, pendingFor, type PendingPorts, signerOf } from './pending-enrolment.ts';

export interface EnrolPorts extends VaultPorts, PendingPorts {
  readonly shelves: AccountShelves;
  readonly fetch: Fetch;
  /** Browser and system are read from it, for the list of devices. */
  readonly userAgent: string;
}

/** `storage`: the phone could not keep what it made; nothing was used up, the same code goes on. */
export type EnrolFault = AskFault | { readonly kind: 'storage' };
export type FinishFault = { readonly kind: 'not_redeemed' | 'storage' };

export interface Redeemed {
  readonly account: Account;
  /** This account has been on this phone before: lost PIN, or enrolled anew; what waits stays. */
  readonly again: boolean;
}

export interface Enrolment {
  redeem(code: string): Promise<Result<Redeemed, EnrolFault>>;
  /** After the PIN was typed twice alike: the vault is made and open. May be tried again after a fault. */
  finish(pin: string): Promise<Result<OpenVault, FinishFault>>;
}

interface Taken {
  readonly answer: EnrolAnswer;
  readonly pending: PendingEnrolment;
}

/** Envelopes in one request, at most. */
const MOST_KEYS = 20;

/** The envelopes of every vault on the phone: the server gives back only those of the account whose code it is. */
async function envelopesHere(ports: EnrolPorts): Promise<KeyEnvelope[]> {
  const vaults = await ports.device.vaults();
  const all = await Promise.all(vaults.map(({ person }) => ports.shelves.shelf(person).envelopes()));
  return all.flat().slice(0, MOST_KEYS);
}

async function requestOf(ports: EnrolPorts, pending: PendingEnrolment): Promise<EnrolRequest> {
  return {
    code: pending.code,
    nonce: pending.nonce,
    replica: pending.replica,
    device: await ownDevice(ports),
    devicePublicKey: pending.publicKey,
    deviceLabel: deviceLabel(ports.userAgent),
    keys: await envelopesHere(ports),
  };
}

/** Keys that came back from the server, and, for those that did not, what the typed PIN opens by itself. */
async function keysOf(
  ports: EnrolPorts,
  answer: EnrolAnswer,
  standing: VaultRecord | null,
  pin: string,
): Promise<RawKey[]> {
  const returned = answer.oldKeys.flatMap(({ key, raw }) => {
    const bytes = fromBase64url(raw);
    return bytes?.length === 32 ? [{ key, raw: bytes }] : [];
  });
  const missing = standing?.wrapped.some(({ key }) => !returned.some((back) => back.key === key)) ?? false;
  if (!standing || !missing) return returned;
  const own = (await unwrapKeys(await derivePinKey(pin, standing, ports.kdf), standing)) ?? [];
  return [...returned, ...own.filter(({ key }) => !returned.some((back) => back.key === key))];
}

async function makeFrom(ports: EnrolPorts, { answer, pending }: Taken, pin: string): Promise<OpenVault> {
  const { account, deliveryKey, replica, deliveryToken, epoch } = answer;
  const { person } = account;
  const standing = await ports.device.vault(person);
  const made = await makeVault(
    {
      person,
      device: answer.device,
      pin,
      deliveryKey,
      signing: { publicKey: pending.publicKey, pkcs8: await signerOf(pending) },
      oldKeys: await keysOf(ports, answer, standing, pin),
      formerKey: standing?.current ?? answer.oldKeys[0]?.key ?? null,
    },
    ports,
  );
  const { envelopes } = made;
  await ports.shelves.setUp({ account, replica, deliveryToken, epoch, deliveryKey, envelopes });
  const now = ports.clock.now();
  const { name, wardName } = account;
  const record = { person, name, wardName, lastUsedAt: now, signedOut: false, account, addedAt: now };
  await ports.device.enrol(record, made.record);
  return made.vault;
}

/**
 * Enrols this phone for the person whose invitation it is. Replica, device keys and nonce are made and stored before the
 * code is sent, so that asking again after a lost answer or a reload is the same question.
 */
export function makeEnrolment(ports: EnrolPorts, finished: (vault: OpenVault) => Promise<void>): Enrolment {
  let taken: Taken | null = null;
  return {
    redeem: async (code) => {
      const prepared = await prepare(ports, code).catch(() => null);
      if (prepared === null) return err({ kind: 'storage' });
      const { pending, request } = prepared;
      const answer = await askServer(ports.fetch, { path: '/api/enrol', body: request }, enrolAnswerSchema);
      if (!answer.ok) return answer;
      taken = { answer: answer.value, pending };
      const { account } = answer.value;
      const standing = await ports.device.vault(account.person).catch(() => null);
      return ok({ account, again: standing !== null });
    },
    finish: async (pin) => {
      if (taken === null) return err({ kind: 'not_redeemed' });
      const vault = await makeFrom(ports, taken, pin).catch(() => null);
      if (vault === null) return err({ kind: 'storage' });
      taken = null;
      await finished(vault);
      return ok(vault);
    },
  };
}

async function prepare(ports: EnrolPorts, code: string) {
  const pending = await pendingFor(ports, code);
  return { pending, request: await requestOf(ports, pending) };
}
