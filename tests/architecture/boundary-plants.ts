/** A line somebody might write in the wrong room, and whether the house lets it stand. */
export interface Plant {
  readonly at: string;
  readonly text: string;
  /** Part of the message that gives the reason; null when the line is allowed. */
  readonly refused: string | null;
}

const script = (line: string): string => `<script lang="ts">\n  ${line}\n</script>\n`;
const plant = (at: string, line: string, refused: string | null): Plant => ({
  at,
  text: at.endsWith('.svelte') ? script(line) : `${line}\n`,
  refused,
});

const FIELD = 'src/routes/(field)/today/+page.svelte';
const OFFICE = 'src/routes/(office)/filings/+page.svelte';
const OFFICE_SERVER = 'src/routes/(office)/filings/+page.server.ts';

/** At least one for each row of the table in architecture.md, written down apart from scripts/lint/rooms.js. */
export const plants: readonly Plant[] = [
  plant('src/lib/kernel/planted.ts', `import '$lib/domain/record/apply.ts';`, 'the kernel is the floor'),
  plant('src/lib/kernel/planted.ts', `import { z } from 'zod';`, 'the kernel is the floor'),
  plant('src/lib/kernel/planted.ts', `import fs from 'node:fs';`, 'the kernel is the floor'),
  plant('src/lib/kernel/planted.ts', `import './text/fold.ts';`, null),

  plant('src/lib/domain/assist/planted.ts', `import Dexie from 'dexie';`, 'same answer on phone and server'),
  plant(
    'src/lib/domain/assist/planted.ts',
    `import '$lib/server/pool.ts';`,
    'same answer on phone and server',
  ),
  plant(
    'src/lib/domain/assist/planted.ts',
    `import '$lib/protocol/round.ts';`,
    'same answer on phone and server',
  ),
  plant(
    'src/lib/domain/assist/planted.ts',
    `import { onMount } from 'svelte';`,
    'same answer on phone and server',
  ),
  plant('src/lib/domain/assist/planted.ts', `import '../filing/filing-status.ts';`, 'its main file only'),
  plant('src/lib/domain/assist/planted.ts', `import '../report/report.ts';`, 'No noun reads report'),
  plant('src/lib/domain/assist/planted.ts', `import '../filing/filing.ts';`, null),
  plant('src/lib/domain/assist/planted.ts', `import { z } from 'zod/mini';`, null),
  plant('src/lib/domain/report/planted.ts', `import '../filing/filing-status.ts';`, null),

  plant(
    'src/lib/server/planted.ts',
    `import '$lib/domain/assist/assist.fixture.ts';`,
    'A fixture is for tests',
  ),
  plant('src/lib/server/planted.test.ts', `import '../domain/assist/assist.fixture.ts';`, null),

  plant('src/lib/protocol/planted.ts', `import '$lib/phone/courier/round.ts';`, 'shapes and versions'),
  plant('src/lib/protocol/planted.ts', `import postgres from 'postgres';`, 'shapes and versions'),
  plant('src/lib/protocol/planted.ts', `import '$lib/domain/record/row.ts';`, null),

  plant('src/lib/phone/planted.ts', `import '$lib/server/pool.ts';`, 'the phone runs in tests'),
  plant('src/lib/phone/planted.ts', `import '$lib/ui/button.svelte';`, 'the phone runs in tests'),
  plant('src/lib/phone/planted.ts', `import '$lib/messages/locale.ts';`, 'the phone runs in tests'),
  plant('src/lib/phone/planted.ts', `import { page } from '$app/state';`, 'the phone runs in tests'),
  plant('src/lib/phone/planted.ts', `import Dexie from 'dexie';`, null),

  plant(
    'src/lib/server/planted.ts',
    `import '$lib/phone/courier/round.ts';`,
    'the server never knows the phone',
  ),
  plant('src/lib/server/planted.ts', `import '$lib/ui/button.svelte';`, 'the server never knows the phone'),
  plant('src/lib/server/planted.ts', `import { Lucia } from 'lucia';`, 'lucia is for server/auth alone'),
  plant('src/lib/server/planted.ts', `import Dexie from 'dexie';`, 'the server never knows the phone'),
  plant('src/lib/server/planted.ts', `import pack from '../../content/built/procedures-core.json';`, null),
  plant(
    'src/lib/server/planted.ts',
    `import '../../content/procedures/planted.ts';`,
    'the server never knows',
  ),
  plant('src/lib/server/auth/planted.ts', `import { Lucia } from 'lucia';`, null),
  plant('src/lib/server/planted.ts', `import postgres from 'postgres';`, null),

  plant('src/lib/ui/planted.svelte', `import '$lib/phone/session/start-session.ts';`, 'props alone'),
  plant('src/lib/ui/planted.svelte', `import '$lib/server/pool.ts';`, 'props alone'),
  plant('src/lib/ui/planted.svelte', `import { goto } from '$app/navigation';`, 'props alone'),
  plant('src/lib/ui/planted.svelte', `import { filing } from '$lib/domain/filing/filing.ts';`, 'props alone'),
  plant('src/lib/ui/planted.svelte', `import type { Filing } from '$lib/domain/filing/filing.ts';`, null),
  plant('src/lib/ui/planted.svelte', `import encodeQR from 'qr';`, null),

  plant('src/lib/messages/planted.ts', `import '$lib/domain/filing/filing.ts';`, 'messages are text'),
  plant('src/lib/messages/planted.ts', `import '$lib/ui/button.svelte';`, 'messages are text'),
  plant('src/content/planted.ts', `import '$lib/domain/filing/filing.ts';`, 'content is data'),

  plant(FIELD, `import '$lib/server/pool.ts';`, 'field screens work with no network'),
  plant(FIELD, `const pool = import('$lib/server/pool.ts');`, 'field screens work with no network'),
  plant(FIELD, `import Dexie from 'dexie';`, 'field screens work with no network'),
  plant(
    'src/routes/(field)/+layout.ts',
    `export { load } from '$lib/server/load.ts';`,
    'field screens work with no network',
  ),
  plant(FIELD, `import { goto } from '$app/navigation';`, null),
  plant(FIELD, `import '$lib/phone/session/start-session.ts';`, null),

  plant(OFFICE, `import '$lib/server/pool.ts';`, 'office screens read the server in *.server.ts only'),
  plant(OFFICE, `import '$lib/phone/outbox/outbox.ts';`, 'never the phone'),
  plant(OFFICE_SERVER, `import '$lib/phone/outbox/outbox.ts';`, 'never the phone'),
  plant('src/routes/(entry)/sign-in/+page.svelte', `import '$lib/server/pool.ts';`, 'in *.server.ts only'),
  plant('src/routes/(public)/status/+page.svelte', `import '$lib/server/pool.ts';`, 'in *.server.ts only'),
  plant(OFFICE_SERVER, `import '$lib/server/pool.ts';`, null),
  plant('src/routes/(entry)/sign-in/+page.svelte', `import '$lib/phone/session/start-session.ts';`, null),

  plant('src/routes/api/sync/+server.ts', `import '$lib/ui/button.svelte';`, 'no UI'),
  plant('src/routes/api/sync/+server.ts', `import '$lib/phone/outbox/outbox.ts';`, 'no UI'),
  plant('src/routes/api/sync/+server.ts', `import '$lib/server/sync/round.ts';`, null),

  plant('src/routes/+layout.svelte', `import '$lib/server/pool.ts';`, 'above the offline screens'),
  plant('src/routes/+layout.svelte', `import '$lib/messages/locale.ts';`, null),
  plant('src/hooks.server.ts', `import '$lib/phone/outbox/outbox.ts';`, 'delegates only'),
  plant('src/hooks.client.ts', `import '$lib/server/pool.ts';`, 'delegates only'),

  plant(
    'src/service-worker/planted.ts',
    `import '$lib/phone/vault/kdf.ts';`,
    'runs the courier and nothing else',
  ),
  plant(
    'src/service-worker/planted.ts',
    `import '$lib/domain/record/apply.ts';`,
    'runs the courier and nothing else',
  ),
  plant(
    'src/service-worker/planted.ts',
    `import '$lib/ui/button.svelte';`,
    'runs the courier and nothing else',
  ),
  plant(
    'src/service-worker/planted.ts',
    `import '$lib/server/pool.ts';`,
    'runs the courier and nothing else',
  ),
  plant('src/service-worker/planted.ts', `import '$lib/phone/courier/round.ts';`, null),

  plant('src/lib/phone/planted.ts', `import '../../../tests/support/wards.ts';`, 'the phone runs in tests'),
  plant('src/lib/server/planted.ts', `import '../../../scripts/start.ts';`, 'the server never knows'),
];
