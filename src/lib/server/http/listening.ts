import { once } from 'node:events';
import type { Server as SocketServer } from 'node:net';

/** What http and https servers have in common here. */
export type WebServer = SocketServer & { closeIdleConnections(): void; closeAllConnections(): void };

const DRAIN_MS = 10_000;
const IDLE_POLL_MS = 50;

/** "localhost" means both loopback addresses: which of them a browser tries first depends on the system. */
function bindAddresses(host: string): readonly string[] {
  return host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
}

export type ListenFault = {
  readonly kind: 'port_taken' | 'port_forbidden' | 'address_unknown' | 'other';
  readonly code: string;
};

function faultOf(error: unknown): ListenFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const kinds: Record<string, ListenFault['kind']> = {
    EADDRINUSE: 'port_taken',
    EACCES: 'port_forbidden',
    EADDRNOTAVAIL: 'address_unknown',
    ENOTFOUND: 'address_unknown',
  };
  return { kind: kinds[code] ?? 'other', code };
}

async function bind(server: WebServer, port: number, address: string): Promise<ListenFault | null> {
  try {
    server.listen(port, address);
    await once(server, 'listening');
    return null;
  } catch (error) {
    return faultOf(error);
  }
}

/**
 * Opens the port on every address `host` stands for. The first must succeed; a machine without IPv6 does without.
 * @returns the servers that listen, or the fault of the first.
 */
export async function listen(
  make: () => WebServer,
  host: string,
  port: number,
): Promise<readonly WebServer[] | ListenFault> {
  const open: WebServer[] = [];
  for (const address of bindAddresses(host)) {
    const server = make();
    const fault = await bind(server, port, address);
    if (fault === null) open.push(server);
    else if (open.length === 0) return fault;
  }
  return open;
}

/** Takes no new connection, lets requests under way finish, then closes what is left (live streams, idle sockets). */
export async function drain(servers: readonly WebServer[]): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      // A connection that answers its last request now turns idle only now.
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_POLL_MS);
      const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearInterval(idle);
      clearTimeout(late);
    }),
  );
}
