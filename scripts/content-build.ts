import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pack, PackManifest } from '../src/lib/domain/procedure/pack.ts';
import { sealPack } from '../src/lib/domain/procedure/pack.ts';
import { loadHolidays, loadProcedures } from './content-packs.ts';
import { describe } from './content-source.ts';

/**
 * Builds the content packs, the same bytes from the same YAML on every machine:
 * `static/packs/<id>/<version>.json` and `static/packs/manifest.json` for phones, and
 * `src/content/built/<id>.json` under a name that stays, for code that imports a pack at build time.
 * All are git-ignored; `npm run content:build`, called by dev and build.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}/static/packs`;

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function publish(pack: Pack): PackManifest['packs'][number] {
  const text = JSON.stringify(pack);
  const url = `/packs/${pack.id}/${pack.version}.json`;
  write(`${root}/static${url}`, text);
  write(`${root}/src/content/built/${pack.id}.json`, text);
  const { id, kind, title, date, version, hash } = pack;
  return { id, kind, title, date, version, hash, url, bytes: Buffer.byteLength(text) };
}

const procedures = loadProcedures(`${root}/src/content/procedures`);
const holidays = loadHolidays(`${root}/src/content/calendar`);

if (procedures.body === null || holidays.body === null) {
  for (const problem of [...procedures.problems, ...holidays.problems]) {
    console.error(describe({ ...problem, file: relative(process.cwd(), problem.file) }));
  }
  process.exitCode = 1;
} else {
  rmSync(out, { recursive: true, force: true });
  const packs = [publish(await sealPack(procedures.body)), publish(await sealPack(holidays.body))];
  write(`${out}/manifest.json`, `${JSON.stringify({ packs }, null, 2)}\n`);
  for (const { url, bytes } of packs) console.log(`content: ${url}, ${String(bytes)} bytes`);
}
