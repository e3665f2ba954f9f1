import { isIP } from 'node:net';

/** One spelling an address: an IPv4 that came over an IPv6 socket is the IPv4. */
function plain(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return (mapped?.[1] ?? address).toLowerCase();
}

/**
 * Where a request comes from, for limits by address. The forwarded header is believed only of a proxy the operator has
 * named, and read from its end: what stands before the last address that is none of theirs was written by the client.
 */
export function clientAddress(
  socket: string | undefined,
  forwarded: string | readonly string[] | undefined,
  trusted: readonly string[],
): string {
  const proxies = trusted.map(plain);
  let address = plain(socket ?? '');
  const hops = [forwarded ?? []].flat().join(',').split(',').reverse();
  for (const hop of hops) {
    if (!proxies.includes(address)) break;
    const next = plain(hop.trim());
    if (isIP(next) === 0) break;
    address = next;
  }
  return address;
}
