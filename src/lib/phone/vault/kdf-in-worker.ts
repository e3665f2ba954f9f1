import type { Kdf } from './kdf.ts';
import type { KdfReply, KdfTask } from './kdf-worker.ts';

/**
 * Argon2id in a worker of its own, ended after each answer so that its memory goes back to the phone. The worker's
 * response carries the only policy that allows wasm; the page's does not.
 */
export const kdfInWorker: Kdf = {
  derive: (secret, parameters) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./kdf-worker.ts', import.meta.url), {
        type: 'module',
        name: 'xks-kdf',
      });
      const end = (finish: () => void): void => {
        worker.terminate();
        finish();
      };
      worker.addEventListener('message', (event: MessageEvent<KdfReply>) => {
        const reply = event.data;
        if ('key' in reply) end(() => resolve(reply.key));
        else end(() => reject(new Error(`kdf failed: ${reply.fault}`)));
      });
      worker.addEventListener('error', () => end(() => reject(new Error('kdf worker did not load'))));
      const task: KdfTask = { secret, parameters };
      worker.postMessage(task);
    }),
};
