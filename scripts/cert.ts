import { join, relative } from 'node:path';
import { isIP } from 'node:net';
import { machineNames } from './addresses.ts';
import { loadSettings } from './load-settings.ts';
import { certificateWords } from './operator-messages.mjs';
import { OperatorStop, runCommand } from './operator-stop.ts';
import { root } from './prepare.mjs';
import { makeWardCertificate } from './ward-certificate.ts';

const DNS_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

async function main(): Promise<void> {
  const given = process.argv
    .slice(2)
    .filter((arg) => !arg.startsWith('--'))
    .map((name) => name.toLowerCase());
  const bad = given.find((name) => isIP(name) !== 4 && !DNS_NAME.test(name));
  if (given.length === 0 || bad !== undefined) throw new OperatorStop(certificateWords.usage);
  const settings = loadSettings(root, { TLS_CERT: '', TLS_KEY: '' });
  const made = await makeWardCertificate({
    directory: join(settings.dataDir, 'tls'),
    names: given,
    also: ['localhost', '127.0.0.1', ...machineNames().addresses.filter((address) => isIP(address) === 4)],
    now: Date.now(),
    renewAuthority: process.argv.includes('--new-ca'),
  });
  if (!made.ok) throw new OperatorStop(certificateWords.notCovered(made.error.name));
  const { authorityPath, certPath, keyPath, names, notAfter, fingerprint, reused } = made.value;
  const shown = (path: string): string => relative(process.cwd(), path);
  const origins = given.map((name) => `https://${name}:${settings.port}`).join(',');
  console.log(
    certificateWords.made({
      names: names.join(', '),
      until: notAfter.toISOString().slice(0, 10),
      authority: shown(authorityPath),
      fingerprint,
      reused,
      env: [
        'HOST=0.0.0.0',
        `ORIGIN=${origins},https://localhost:${settings.port}`,
        `PUBLIC_ORIGIN=${origins.split(',')[0] ?? ''}`,
        `TLS_CERT=${shown(certPath)}`,
        `TLS_KEY=${shown(keyPath)}`,
        'SEED=none',
      ],
    }),
  );
}

await runCommand(main);
