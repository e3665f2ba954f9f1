import { hash, verify } from '@node-rs/argon2';

/** Argon2id (the library's default variant), at least OWASP's minimum: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashing is what a flood of sign-ins would eat memory with: so many at once, the others wait. */
const AT_ONCE = 3;
const WAITING_AT_MOST = 200;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_AT_MOST) throw new Error('too many sign-ins are waiting');
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  } else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

/** What the same password types on any keyboard and system. */
function normal(password: string): string {
  return password.normalize('NFC');
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normal(password), COST));
}

let decoy: Promise<string> | null = null;

/** Verifies against the stored hash; without one, against a decoy of the same cost, and says no. */
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword(crypto.randomUUID());
  const against = stored ?? (await decoy);
  const fits = await inTurn(() => verify(against, normal(password)));
  return fits && stored !== null;
}
