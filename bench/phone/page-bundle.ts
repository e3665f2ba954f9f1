import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..', '..');

/** The production phone code as one script for the bench's own page. */
export async function bundlePage(): Promise<string> {
  const bundle = await rolldown({
    input: join(import.meta.dirname, 'page-calls.ts'),
    platform: 'browser',
    resolve: { alias: { dexie: join(root, 'node_modules', 'dexie', 'dist', 'modern', 'dexie.mjs') } },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false });
  await bundle.close();
  return output[0].code;
}
