import { err, ok, type Result } from '../../kernel/result.ts';
import {
  type Account,
  challengeAnswerSchema,
  challengeText,
  meAnswerSchema,
  sessionAnswerSchema,
} from '../../protocol/enrol.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { askServer, type AskFault, type Fetch } from './ask-server.ts';

export type RenewFault = AskFault | { readonly kind: 'locked' };

/**
 * A session by signing the server's challenge: no QR, no password. The signature vouches for the data key that rows come
 * down under, too. The cookie is the server's and not readable here.
 */
export async function renewSession(fetch: Fetch, vault: OpenVault): Promise<Result<Account, RenewFault>> {
  const { person, device, keyMark } = vault;
  const asked = await askServer(
    fetch,
    { path: '/api/session/challenge', body: { device, person } },
    challengeAnswerSchema,
  );
  if (!asked.ok) return asked;
  const { challenge } = asked.value;
  const signature = await vault.sign(challengeText(person, device, challenge, keyMark));
  if (signature === null) return err({ kind: 'locked' });
  const body = { device, person, challenge, keyMark, signature };
  const begun = await askServer(fetch, { path: '/api/session', body }, sessionAnswerSchema);
  return begun.ok ? ok(begun.value.account) : begun;
}

/** Who the standing session is of; renewed when there is none, or when it is of another person on this phone. */
export async function freshAccount(fetch: Fetch, vault: OpenVault): Promise<Result<Account, RenewFault>> {
  const me = await askServer(fetch, { path: '/api/me' }, meAnswerSchema);
  if (me.ok && me.value.account.person === vault.person) return ok(me.value.account);
  if (!me.ok && me.error.kind !== 'unauthorised' && me.error.kind !== 'refused') return me;
  return renewSession(fetch, vault);
}
