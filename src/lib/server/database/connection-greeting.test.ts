import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { databaseFault } from './database-fault.ts';
import { openDatabase } from './pool.ts';
import { inTransaction } from './transaction.ts';

/** A message of PostgreSQL's protocol: its letter, its length, what it says. */
function message(letter: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(letter), length, body]);
}

const AUTHENTICATED = message('R', Buffer.from([0, 0, 0, 0]));
const READY = message('Z', Buffer.from('I'));
const ENDING = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

/** A database killed at the very moment at which a new connection to it is ready: both are said in one breath. */
async function endingAtOnce(): Promise<{
  readonly directory: string;
  /** Both sides have let go of the first connection. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const directory = mkdtempSync('/tmp/xks-greeting-');
  const server = createServer((socket) => {
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, ENDING])));
    socket.once('close', () => end());
  });
  await new Promise<void>((resolve) => server.listen(join(directory, '.s.PGSQL.5432'), resolve));
  return {
    directory,
    ended,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

describe('I2 a database that ends while a connection to it begins', () => {
  it('is told to whoever asked, and to nobody else: no rejection is left that would end the process', async () => {
    const ending = await endingAtOnce();
    const left: unknown[] = [];
    const note = (fault: unknown): void => void left.push(fault);
    process.prependListener('unhandledRejection', note);
    const database = openDatabase({
      kind: 'socket',
      directory: ending.directory,
      user: 'xks_web',
      database: 'xks',
    });
    const asked = inTransaction(database, { wards: [] }, (tx) => tx`select 1`);
    expect(await asked.then(() => 'none', databaseFault)).toBe('unreachable');
    await ending.ended;
    await database.close();
    await ending.close();
    process.off('unhandledRejection', note);
    expect(left).toEqual([]);
  });
});
