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

function phoneLines(settings: Settings, scheme: string, machine: MachineNames): string[] {
  const listed = settings.origins.filter((origin) => !isLoopback(new URL(origin).hostname));
  const own = isLoopback(settings.host)
    ? []
    : machine.addresses
        .filter((one) => !one.includes(':'))
        .map((one) => `${scheme}://${one}:${settings.port}`);
  const urls = settings.origins.length > 0 ? listed : own;
  if (urls.length === 0) return [ready.phoneNone];
  return urls.map((url) => (url.startsWith('https:') ? ready.phone(url) : ready.phoneWeak(url)));
}

/** The address to open on this machine. */
export function localUrl(settings: Settings, port: number): string {
  const loopback = settings.origins.find((origin) => isLoopback(new URL(origin).hostname));
  if (loopback !== undefined) return loopback;
  const [first] = settings.origins;
  return first ?? `${settings.tls === null ? 'http' : 'https'}://localhost:${port}`;
}

/** What the operator reads once everything runs: addresses that phones can use and those they cannot, and the data's place. */
export function readyLines(
  settings: Settings,
  facts: { port: number; place: string; demo: boolean; empty: boolean },
): string[] {
  const scheme = settings.tls === null ? 'http' : 'https';
  const here = localUrl(settings, facts.port);
  return [
    '',
    ready.title,
    ready.here(here),
    ...phoneLines(settings, scheme, machineNames()),
    ready.data(facts.place),
    ...(facts.demo ? [ready.demo(here)] : facts.empty ? [ready.empty] : []),
    ready.stop,
    '',
  ];
}
