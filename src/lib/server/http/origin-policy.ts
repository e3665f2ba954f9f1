import { isLoopback, type Settings } from '../settings/settings.ts';

/** The origins this server answers to. Anything else is refused, so that a hostile name cannot be pointed at us. */
export interface OriginPolicy {
  readonly origins: ReadonlySet<string>;
  /** Whether our own socket speaks TLS; behind a proxy the listed origin decides instead. */
  readonly tls: boolean;
  /** With no list on a loopback address: any loopback name. */
  readonly anyLoopback: boolean;
}

/** Names and addresses of this machine, as the operating system reports them. */
export interface MachineNames {
  readonly hostName: string;
  readonly addresses: readonly string[];
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** With no ORIGIN given: loopback only on a loopback address, otherwise every address of this machine. */
export function originPolicy(
  settings: Pick<Settings, 'origins' | 'host' | 'port' | 'tls'>,
  machine: MachineNames,
): OriginPolicy {
  const tls = settings.tls !== null;
  const named = { tls, anyLoopback: settings.origins.length === 0 };
  if (settings.origins.length > 0) return { ...named, origins: new Set(settings.origins) };
  if (isLoopback(settings.host)) return { ...named, origins: new Set() };
  const names = [
    settings.host,
    machine.hostName,
    `${machine.hostName}.local`,
    ...machine.addresses.map(bracketed),
  ];
  const origins = names
    .map((name) => `${tls ? 'https' : 'http'}://${name}:${settings.port}`)
    .filter((value) => URL.canParse(value))
    .map((value) => new URL(value).origin);
  return { ...named, origins: new Set(origins) };
}

/**
 * The origin a request was sent to, or null when it is none of ours.
 * `host` is the Host header as received; the scheme comes from the list, because a proxy in front may end the TLS.
 */
export function requestOrigin(policy: OriginPolicy, host: string | undefined): string | null {
  if (host === undefined || !/^[A-Za-z0-9.\-:[\]]{1,260}$/.test(host)) return null;
  const schemes = policy.tls ? ['https', 'http'] : ['http', 'https'];
  const candidates = schemes.map((scheme) => `${scheme}://${host}`).filter((value) => URL.canParse(value));
  const origins = candidates.map((value) => new URL(value).origin);
  const listed = origins.find((value) => policy.origins.has(value));
  if (listed !== undefined) return listed;
  const [own] = origins;
  return own !== undefined && policy.anyLoopback && isLoopback(new URL(own).hostname) ? own : null;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const KNOWN_METHODS = new Set([...SAFE_METHODS, 'POST', 'PUT', 'PATCH', 'DELETE']);

export function isKnownMethod(method: string): boolean {
  return KNOWN_METHODS.has(method);
}

/** A request that may change something must come from our own pages; one without an Origin must say same-origin. */
export function mayChange(
  method: string,
  headers: { readonly origin?: string | undefined; readonly site?: string | undefined },
  own: string,
): boolean {
  if (SAFE_METHODS.has(method)) return true;
  if (headers.origin !== undefined) return headers.origin === own;
  return headers.site === 'same-origin';
}
