import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  makeWardCertificate,
  type CertificateRequest,
  type WardCertificate,
} from '../../scripts/ward-certificate.ts';
import { createFront } from '../../src/lib/server/http/front.ts';
import { drain, listen, type WebServer } from '../../src/lib/server/http/listening.ts';
import { originPolicy } from '../../src/lib/server/http/origin-policy.ts';

const DAY_MS = 86_400_000;
let directory: string;
let servers: readonly WebServer[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'xks-tls-'));
});
afterEach(async () => {
  await drain(servers);
  servers = [];
  rmSync(directory, { recursive: true });
});

async function make(changes: Partial<CertificateRequest> = {}): Promise<WardCertificate> {
  const made = await makeWardCertificate({
    directory,
    names: ['ward.lan'],
    also: ['127.0.0.1', '8.8.8.8'],
    now: Date.now(),
    ...changes,
  });
  if (!made.ok) throw new Error(made.error.name);
  return made.value;
}

async function serve(certificate: WardCertificate): Promise<number> {
  const policy = originPolicy(
    { origins: ['https://ward.lan'], host: 'localhost', port: 0, tls: null },
    { hostName: '', addresses: [] },
  );
  const tls = {
    cert: readFileSync(certificate.certPath, 'utf8'),
    key: readFileSync(certificate.keyPath, 'utf8'),
  };
  const opened = await listen(
    () => createFront({ handler: (_request, response) => response.end('ok'), policy, tls }),
    '127.0.0.1',
    0,
  );
  if ('kind' in opened) throw new Error(opened.code);
  servers = opened;
  return (opened[0]?.address() as AddressInfo).port;
}

async function visit(port: number, authority: string, servername: string): Promise<number> {
  const options = {
    host: '127.0.0.1',
    port,
    ca: readFileSync(authority),
    servername,
    headers: { host: 'ward.lan' },
  };
  const sent = httpsRequest(options);
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}

describe('npm run cert: the ward’s own authority', () => {
  it('makes a certificate that a client trusting the authority accepts, for its names and no other', async () => {
    const certificate = await make();
    const port = await serve(certificate);
    expect(await visit(port, certificate.authorityPath, 'ward.lan')).toBe(200);
    await expect(visit(port, certificate.authorityPath, 'bank.example')).rejects.toThrow(/altnames/);
    expect(certificate.names).toEqual(['ward.lan', '127.0.0.1']);
  });

  it('keeps the authority: a phone that trusted it once accepts the next certificate', async () => {
    const first = await make();
    const second = await make({ names: ['office.ward.lan'] });
    expect([first.reused, second.reused]).toEqual([false, true]);
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(await visit(await serve(second), first.authorityPath, 'office.ward.lan')).toBe(200);
  });

  it('cannot vouch for a public site, even with its key in the wrong hands', async () => {
    await make();
    expect(
      await makeWardCertificate({ directory, names: ['bank.example'], also: [], now: Date.now() }),
    ).toEqual({
      ok: false,
      error: { kind: 'not_covered', name: 'bank.example' },
    });
    // Whoever holds the key ignores our check: the limit must be in the certificate itself.
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(directory, 'ca.names'), 'bank.example');
    const forged = await make({ names: ['bank.example'], also: [] });
    await expect(visit(await serve(forged), forged.authorityPath, 'bank.example')).rejects.toThrow(
      /permitted subtree/,
    );
  });

  it('keys are readable by their owner only; lifetimes are what phones accept', async () => {
    const certificate = await make();
    expect(statSync(certificate.keyPath).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'ca.key')).mode & 0o777).toBe(0o600);
    const leaf = new X509Certificate(readFileSync(certificate.certPath));
    const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / DAY_MS;
    expect(days).toBeLessThanOrEqual(825);
    const authority = new X509Certificate(readFileSync(certificate.authorityPath));
    expect(authority.ca).toBe(true);
    expect((Date.parse(authority.validTo) - Date.now()) / DAY_MS).toBeGreaterThan(3_600);
    expect(certificate.fingerprint).toBe(authority.fingerprint256);
  });
});
