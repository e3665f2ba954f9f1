import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';

export type Packing = 'br' | 'gzip';

/** What is small is packed here and now: the way to another thread and back costs more. */
const SMALL = 64 * 1024;

/** Half of gzip's time; and with a window over the whole answer, a row that comes twice in it costs its bytes once. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 20 },
};

const WAYS = {
  br: {
    here: (text: string) => brotliCompressSync(text, BROTLI),
    inThread: (text: string) => promisify(brotliCompress)(text, BROTLI),
  },
  gzip: { here: (text: string) => gzipSync(text), inThread: (text: string) => promisify(gzip)(text) },
};

/** The best of what the asker takes; browsers take brotli over TLS only. Null: neither. */
export function packingFor(accepted: string): Packing | null {
  const names = accepted.split(',').map((each) => each.split(';')[0]?.trim());
  return (['br', 'gzip'] as const).find((packing) => names.includes(packing)) ?? null;
}

export async function packed(text: string, packing: Packing): Promise<Uint8Array<ArrayBuffer>> {
  const way = WAYS[packing];
  return new Uint8Array(text.length <= SMALL ? way.here(text) : await way.inThread(text));
}
