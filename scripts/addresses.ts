import { hostname, networkInterfaces } from 'node:os';
import type { MachineNames } from '../src/lib/server/http/origin-policy.ts';
import { isLoopback, type Settings } from '../src/lib/server/settings/settings.ts';
import { ready } from './operator-messages.mjs';

/** This machine's name and addresses in the local network. */
export function machineNames(): MachineNames {
  const found = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outward = found.filter((one) => !one.internal && !one.address.startsWith('fe80:'));
  return { hostName: hostname(), addresses: outward.map((one) => one.address) };
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Where the socket really listens, as other machines write it: every address only when HOST says every one. */
function ownNames({ host }: Settings, machine: MachineNames): readonly string[] {
  if (isLoopback(host)) return [];
  if (EVERY_ADDRESS.has(host)) return machine.addresses.filter((one) => !one.includes(':'));
  return [host.includes(':') ? `[${host}]` : host];
}

function phoneLines(settings: Settings, own: readonly string[]): string[] {
  const listed = settings.origins.filter((origin) => !isLoopback(new URL(origin).hostname));
  const urls = settings.origins.length > 0 ? listed : own;
  if (urls.length === 0) return [ready.phoneNone];
  return urls.map((url) => (url.startsWith('https:') ? ready.phone(url) : ready.phoneWeak(url)));
}

/** The address to open on this machine. */
function localUrl(settings: Settings, own: readonly string[], scheme: string, port: number): string {
  const loopback = settings.origins.find((origin) => isLoopback(new URL(origin).hostname));
  const [listed] = settings.origins;
  if (listed !== undefined) return loopback ?? listed;
  // A socket on one outward address does not hear "localhost".
  const [first] = own;
  const outwardOnly = !isLoopback(settings.host) && !EVERY_ADDRESS.has(settings.host);
  return outwardOnly && first !== undefined ? first : `${scheme}://localhost:${port}`;
}

/** What the operator reads once everything runs: addresses that phones can use and those they cannot, and the data's place. */
export function readyLines(
  settings: Settings,
  facts: { port: number; place: string; demo: boolean; empty: boolean },
  machine: MachineNames,
): string[] {
  const scheme = settings.tls === null ? 'http' : 'https';
  const own = ownNames(settings, machine).map((name) => `${scheme}://${name}:${facts.port}`);
  const here = localUrl(settings, own, scheme, facts.port);
  return [
    '',
    ready.title,
    ready.here(here),
    ...phoneLines(settings, own),
    ready.data(facts.place),
    ...(facts.demo ? [ready.demo(here)] : facts.empty ? [ready.empty] : []),
    ready.stop,
    '',
  ];
}
