/// <reference types="vite/client" />
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
// Ours, from our own server: the library's default would fetch it from a content network.
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

/** One picture in, the text of the first QR code in it out; null: none. Rejections come back as `fault`. */
export type QrReply = { readonly text: string | null } | { readonly fault: string };

prepareZXingModule({ overrides: { locateFile: () => wasmUrl } });

self.addEventListener('message', (event: MessageEvent<ImageData>) => {
  readBarcodes(event.data, { formats: ['QRCode'], maxNumberOfSymbols: 1, tryHarder: true }).then(
    (found) => self.postMessage({ text: found[0]?.text ?? null } satisfies QrReply),
    (fault: unknown) =>
      self.postMessage({ fault: fault instanceof Error ? fault.message : 'unknown' } satisfies QrReply),
  );
});
