import { isUnitWord } from '../src/lib/messages/locale.ts';
import { createInterface } from 'node:readline/promises';
import { provideRuntime, type Runtime } from '../src/lib/server/app-context.ts';
import { wardIdSchema } from '../src/lib/domain/record/ids.ts';
import { makeWard, type NewWard } from '../src/lib/server/people/new-ward.ts';
import { syncContext } from '../src/lib/server/sync/sync-context.ts';
import { loadSettings } from './load-settings.ts';
import { openContext } from './open-context.ts';
import { openMigrated, openRunning } from './open-database.ts';
import { adminErrors, adminWords } from './operator-messages.mjs';
import { OperatorStop, runCommand } from './operator-stop.ts';
import { root } from './prepare.mjs';

interface Answers {
  readonly ward: NewWard;
  readonly name: string;
  readonly login: string;
}

const MAX_LENGTH = 100;

/** Asks until there is an answer; piped input that ends is no answer. */
async function askAll(): Promise<Answers> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const lines = terminal[Symbol.asyncIterator]();
  const ask = async (question: string, good: (answer: string) => boolean): Promise<string> => {
    for (;;) {
      process.stdout.write(question);
      const line = await lines.next();
      if (line.done === true) throw new OperatorStop(adminWords.unfinished);
      const answer = line.value.normalize('NFC').trim();
      if (good(answer)) return answer;
      console.log(adminWords.again);
    }
  };
  const text = (answer: string): boolean => answer.length > 0 && answer.length <= MAX_LENGTH;
  console.log(adminWords.heading);
  const word = await ask(adminWords.word, (answer) => isUnitWord(answer.toLowerCase()));
  const name = await ask(adminWords.wardName, text);
  const province = await ask(adminWords.province, text);
  const id = await ask(adminWords.wardId, (answer) => wardIdSchema.safeParse(answer).success);
  const person = await ask(adminWords.person, text);
  const login = await ask(adminWords.login, text);
  terminal.close();
  const ward = {
    ward: wardIdSchema.parse(id),
    name,
    word: word.toLowerCase(),
    province,
    unitCode: null,
    demo: false,
  };
  return { ward, name: person, login };
}

async function main(): Promise<void> {
  const answers = await askAll();
  const settings = loadSettings(root);
  const database = openRunning(settings) ?? (await openMigrated(settings, root));
  const runtime: Runtime = { settings, web: database.web, closers: [] };
  provideRuntime(runtime);
  try {
    const context = await openContext();
    const office = await syncContext(context);
    const made = await makeWard({ ...context, office }, answers.ward, {
      name: answers.name,
      login: answers.login,
    });
    if (!made.ok) throw new OperatorStop(adminErrors[made.error.kind]?.() ?? made.error.kind);
    // Shown once, on this screen only; it must be changed at the first sign-in.
    console.log(adminWords.made(answers.login, made.value.firstPassword ?? ''));
  } finally {
    await Promise.allSettled(runtime.closers.map((close) => close()));
    await database.stop();
  }
}

await runCommand(main);
