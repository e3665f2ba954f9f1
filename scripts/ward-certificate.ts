import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { err, ok, type Result } from '../src/lib/kernel/result.ts';
import { isPermitted, NAME_CONSTRAINTS_OID, nameConstraints, permittedNames } from './name-constraints.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3_652;
/** Apple refuses more than 825 days, also from an authority the owner trusts. */
const SERVER_DAYS = 820;
/** Phones' clocks run behind: a certificate of this very minute would not be valid yet. */
const BACKDATE_MS = DAY_MS;

const EC = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };

export interface CertificateRequest {
  /** `DATA_DIR/tls`; made with mode 0700. */
  readonly directory: string;
  /** DNS names and IP addresses that browsers will use. */
  readonly names: readonly string[];
  /** Names also covered, but not asked for: loopback, the machine's addresses; left out where not permitted. */
  readonly also: readonly string[];
  readonly now: number;
  /** Makes a new authority although one exists: every phone must trust it anew. */
  readonly renewAuthority?: boolean;
}

export interface WardCertificate {
  readonly authorityPath: string;
  readonly certPath: string;
  readonly keyPath: string;
  readonly reused: boolean;
  readonly names: readonly string[];
  readonly notAfter: Date;
  /** SHA-256 of the authority, as phones show it. */
  readonly fingerprint: string;
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly key: CryptoKey;
  readonly permitted: readonly string[];
}

function writePrivate(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
}

async function privatePem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

async function readAuthority(directory: string): Promise<Authority | null> {
  const [keyPath, certPath, permittedPath] = ['ca.key', 'ca.crt', 'ca.names'].map((name) =>
    join(directory, name),
  );
  if (keyPath === undefined || certPath === undefined || permittedPath === undefined || !existsSync(keyPath))
    return null;
  const [pkcs8] = x509.PemConverter.decode(readFileSync(keyPath, 'utf8'));
  if (pkcs8 === undefined) return null;
  return {
    certificate: new x509.X509Certificate(readFileSync(certPath, 'utf8')),
    key: await webcrypto.subtle.importKey('pkcs8', pkcs8, EC, false, ['sign']),
    permitted: readFileSync(permittedPath, 'utf8').split('\n').filter(Boolean),
  };
}

async function makeAuthority(request: CertificateRequest): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const permitted = permittedNames(request.names);
  const [first] = request.names;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Xung Kich So ${first ?? ''}, O=Xung Kich So`,
    notBefore: new Date(request.now - BACKDATE_MS),
    notAfter: new Date(request.now + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.Extension(NAME_CONSTRAINTS_OID, true, nameConstraints(permitted)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  // The certificate last: an authority is only there once everything of it is.
  writePrivate(join(request.directory, 'ca.names'), permitted.join('\n'));
  writeFileSync(join(request.directory, 'ca.crt'), `${certificate.toString('pem')}\n`);
  writePrivate(join(request.directory, 'ca.key'), await privatePem(keys.privateKey));
  return { certificate, key: keys.privateKey, permitted };
}

async function makeServer(
  request: CertificateRequest,
  authority: Authority,
  names: readonly string[],
): Promise<Date> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const notAfter = new Date(
    Math.min(request.now + SERVER_DAYS * DAY_MS, authority.certificate.notAfter.getTime()),
  );
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${names[0] ?? ''}`,
    issuer: authority.certificate.subject,
    notBefore: new Date(request.now - BACKDATE_MS),
    notAfter,
    signingAlgorithm: SIGNING,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value): x509.JsonGeneralName => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  writePrivate(join(request.directory, 'server.key'), await privatePem(keys.privateKey));
  writeFileSync(join(request.directory, 'server.crt'), `${certificate.toString('pem')}\n`);
  return notAfter;
}

async function fingerprintOf(certificate: x509.X509Certificate): Promise<string> {
  const digest = await certificate.getThumbprint('SHA-256');
  return Buffer.from(digest).toString('hex').toUpperCase().match(/../g)?.join(':') ?? '';
}

/**
 * A server certificate under the ward's own authority, which is made the first time and kept: a phone that trusts it
 * needs nothing more when names change. The authority can vouch only for the ward's names and private addresses.
 */
export async function makeWardCertificate(
  request: CertificateRequest,
): Promise<Result<WardCertificate, { kind: 'not_covered'; name: string }>> {
  mkdirSync(request.directory, { recursive: true, mode: 0o700 });
  const known = request.renewAuthority === true ? null : await readAuthority(request.directory);
  const authority = known ?? (await makeAuthority(request));
  const outside = request.names.find((name) => !isPermitted(authority.permitted, name));
  if (outside !== undefined) return err({ kind: 'not_covered', name: outside });
  const also = request.also.filter((name) => isPermitted(authority.permitted, name));
  const names = [...new Set([...request.names, ...also])];
  return ok({
    authorityPath: join(request.directory, 'ca.crt'),
    certPath: join(request.directory, 'server.crt'),
    keyPath: join(request.directory, 'server.key'),
    reused: known !== null,
    names,
    notAfter: await makeServer(request, authority, names),
    fingerprint: await fingerprintOf(authority.certificate),
  });
}
