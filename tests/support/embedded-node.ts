/**
 * A Node process that owns an embedded cluster, for tests that kill it:
 * `node --import tsx embedded-node.ts DATA_DIR`. Prints one line of JSON, then waits to be ended.
 */
import { startEmbeddedPostgres } from '../../src/lib/server/database/embedded-postgres.ts';

async function main(dataDir: string): Promise<void> {
  const started = await startEmbeddedPostgres({ dataDir });
  if (!started.ok) {
    process.stdout.write(`${JSON.stringify(started.error)}\n`);
    process.exitCode = 3;
    return;
  }
  const waiting = setInterval(() => undefined, 60_000);
  process.once('SIGINT', () => {
    void started.value.stop().then(() => clearInterval(waiting));
  });
  process.stdout.write(`${JSON.stringify({ pid: process.pid, ...started.value })}\n`);
}

void main(process.argv[2] ?? '');
