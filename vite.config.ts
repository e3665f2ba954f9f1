import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { fieldFiles } from './scripts/field-files.ts';

/** The same library without the translation for browsers of 2015: a kilobyte less on every phone's way to home. */
const modernDexie = fileURLToPath(new URL('./node_modules/dexie/dist/modern/dexie.mjs', import.meta.url));

export default defineConfig(({ command }) => ({
  plugins: [sveltekit(), fieldFiles()],
  resolve: { alias: command === 'build' ? [{ find: /^dexie$/, replacement: modernDexie }] : [] },
}));
