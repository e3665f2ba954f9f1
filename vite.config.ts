import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { fieldFiles } from './scripts/field-files.ts';

/** The same library without the translation for browsers of 2015: a kilobyte less on every phone's way to home. */
const modernDexie = fileURLToPath(new URL('./node_modules/dexie/dist/modern/dexie.mjs', import.meta.url));

export default defineConfig(({ command }) => ({
  plugins: [sveltekit(), fieldFiles()],
  // A list of what each page will ask for next, to ask earlier: the worker has it all, so a phone only reads it in vain.
  build: { modulePreload: false },
  resolve: { alias: command === 'build' ? [{ find: /^dexie$/, replacement: modernDexie }] : [] },
}));
