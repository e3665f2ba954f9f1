import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..', '..');
const made = new Map<string, Promise<string>>();

async function make(entry: string): Promise<string> {
  const bundle = await rolldown({
    input: join(import.meta.dirname, 'page', entry),
    platform: 'browser',
    resolve: { alias: { $lib: join(root, 'src', 'lib') } },
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'iife' });
  await bundle.close();
  return output[0].code;
}

/** A file of `page/` and all of the phone it uses as one script, made once a process. */
export function bundleFor(entry: string): Promise<string> {
  const standing = made.get(entry) ?? make(entry);
  made.set(entry, standing);
  return standing;
}
