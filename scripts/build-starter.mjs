// The last part of the build: scripts/serve.ts and what it needs as plain JavaScript, because translating them anew
// would be most of what a second start takes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { root } from './prepare.mjs';

const packages = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies);

await build({
  input: { serve: join(root, 'scripts', 'serve.ts') },
  platform: 'node',
  external: (id) =>
    id.startsWith('node:') || packages.some((name) => id === name || id.startsWith(`${name}/`)),
  resolve: { alias: { $lib: join(root, 'src', 'lib') } },
  logLevel: 'warn',
  output: {
    dir: join(root, 'build'),
    format: 'esm',
    // All in one folder under the project's: modules that look for the project from where they lie still find it.
    entryFileNames: '[name].mjs',
    chunkFileNames: 'serve-[name]-[hash].mjs',
    sourcemap: true,
  },
});
