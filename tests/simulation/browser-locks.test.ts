import { describe, expect, it } from 'vitest';
import { BrowserLocks } from './browser-locks.ts';
import { SimProcess } from './process.ts';

const forever = (): Promise<never> => new Promise(() => undefined);
const work = (): Promise<string> => Promise.resolve('done');

describe('the locks of a simulated browser', () => {
  it('go with the page that held them, and with no other', async () => {
    const locks = new BrowserLocks();
    const [first, second] = [new SimProcess(), new SimProcess()];
    void locks.of(first).run('deliver', 'if_free', forever);
    second.kill();
    expect(await locks.of(new SimProcess()).run('deliver', 'if_free', work)).toEqual({ held: false });
    first.kill();
    expect(await locks.of(new SimProcess()).run('deliver', 'if_free', work)).toEqual({
      held: true,
      value: 'done',
    });
  });

  it('taken from a page, it is not let go by that page’s end', async () => {
    const locks = new BrowserLocks();
    let end = (): void => undefined;
    const robbed = locks
      .of(new SimProcess())
      .run('deliver', 'if_free', () => new Promise<void>((resolve) => (end = resolve)));
    void locks.of(new SimProcess()).run('deliver', 'steal', forever);
    end();
    await robbed;
    expect(await locks.of(new SimProcess()).run('deliver', 'if_free', work)).toEqual({ held: false });
  });
});
