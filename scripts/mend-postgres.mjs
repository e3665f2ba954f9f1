// The kept PostgreSQL driver (3.4.9, its newest) ends the whole process when a connection is lost inside a transaction,
// may run what is left of that transaction on the next connection, and can leave the slot dead for ever. Upstream knows
// (porsager/postgres issues 1208, 1216; pull requests 1209, 1215), no release has it. So the places below are mended in
// node_modules, after every install and before every start; tests/server/connection-lost.test.ts
// and src/lib/server/database/connection-greeting.test.ts are red without it.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules', 'postgres', 'src');

/** @type {readonly { file: string, before: string, after: string }[]} */
const MENDS = [
  {
    // A write that was put off is not sent into a socket that has gone: its query is told instead.
    file: 'connection.js',
    before: `  function nextWrite(fn) {
    const x = socket.write(chunk, fn)
`,
    after: `  function nextWrite(fn) {
    if (!socket) {
      nextWriteTimer !== null && clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options))
      query = null
      return false
    }
    const x = socket.write(chunk, fn)
`,
  },
  {
    // Nothing of the lost connection is left for the next one under the same slot.
    file: 'connection.js',
    before: `    clearImmediate(nextWriteTimer)
    socket.removeListener('data', data)
    socket.removeListener('connect', connected)
    idleTimer.cancel()
`,
    after: `    clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = errorResponse = null
    socket.removeListener('data', data)
    socket.removeListener('connect', connected)
    idleTimer.cancel()
`,
  },
  {
    // A connection that was reset may still have queries: all of them are told.
    file: 'connection.js',
    before: `    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
`,
    after: `    ;(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options))
    query = null
`,
  },
  {
    // A connection that is lost while it is being opened is told to whoever asked for it: its own question has nobody else.
    file: 'connection.js',
    before: `        return fetchArrayTypes()
`,
    after: `        return fetchArrayTypes().catch(() => undefined)
`,
  },
  {
    // What is left of a transaction ends with its connection.
    file: 'index.js',
    before: `        new Promise((_, reject) => connection.onclose = reject)
`,
    after: `        new Promise((_, reject) => connection.onclose = e => {
          lost = e
          while (queries.length)
            queries.shift().reject(e)
          reject(e)
        })
`,
  },
  {
    file: 'index.js',
    before: `      , prepare = null

    try {
      await sql.unsafe('begin '`,
    after: `      , prepare = null
      , lost = null

    try {
      await sql.unsafe('begin '`,
  },
  {
    file: 'index.js',
    before: `        q.catch(e => uncaughtError || (uncaughtError = e))
        c.queue === full`,
    after: `        q.catch(e => uncaughtError || (uncaughtError = e))
        lost
          ? q.reject(lost)
          : c.queue === full`,
  },
];

/** Mends the installed driver. Throws when it is not the one that was looked at: then somebody has to look again. */
export function mendPostgres() {
  for (const { file, before, after } of MENDS) {
    const path = join(source, file);
    const text = readFileSync(path, 'utf8');
    if (text.includes(after)) continue;
    if (text.split(before).length !== 2)
      throw new Error(`postgres/src/${file} is not 3.4.9: mend-postgres.mjs`);
    // Laid down beside and moved over: a package store may share the file with other projects.
    writeFileSync(
      `${path}.mended`,
      text.replace(before, () => after),
    );
    renameSync(`${path}.mended`, path);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) mendPostgres();
