import type { Bytes } from '../../kernel/bytes.ts';
import { deriveArgon2id } from './argon2.ts';
import type { KdfParameters } from './kdf.ts';

/** What the page asks and the worker answers; the worker lives for one answer. */
export interface KdfTask {
  readonly secret: Bytes;
  readonly parameters: KdfParameters;
}
export type KdfReply = { readonly key: Bytes } | { readonly fault: string };

self.addEventListener('message', (event: MessageEvent<KdfTask>) => {
  const { secret, parameters } = event.data;
  const reply = (message: KdfReply): void => {
    secret.fill(0);
    self.postMessage(message);
  };
  deriveArgon2id(secret, parameters).then(
    (key) => reply({ key }),
    (fault: unknown) => reply({ fault: fault instanceof Error ? fault.name : 'unknown' }),
  );
});
