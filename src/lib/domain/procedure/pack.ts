import * as z from 'zod/mini';
import { fromBase64url, sha256, utf8 } from '../../kernel/bytes.ts';
import type { Result } from '../../kernel/result.ts';
import { err, ok } from '../../kernel/result.ts';
import { daySchema, sourceSchema } from './fact.ts';
import { holidaySchema } from './holiday.ts';
import { procedureSchema } from './procedure.ts';

const packId = z.string().check(z.regex(/^[a-z][a-z0-9-]{1,39}$/));
const heading = {
  id: packId,
  title: z.string().check(z.minLength(3), z.maxLength(120)),
  /** Day of the last change by its keepers. */
  date: daySchema,
  sources: z.record(packId, sourceSchema),
};

/** A catalogue of procedures as its keepers write it, before it is sealed. */
export const procedureBodySchema = z.strictObject({
  kind: z.literal('procedures'),
  ...heading,
  groups: z.array(z.strictObject({ id: packId, name: z.string().check(z.minLength(2), z.maxLength(60)) })),
  entries: z.array(procedureSchema).check(z.minLength(1), z.maxLength(7000)),
});

/** A holiday calendar; days outside covers are not known to it. */
export const holidayBodySchema = z.strictObject({
  kind: z.literal('holidays'),
  ...heading,
  covers: z.strictObject({ from: daySchema, to: daySchema }),
  entries: z.array(holidaySchema).check(z.minLength(1), z.maxLength(500)),
});

const seal = {
  /** Date and the first eight digits of the hash: other content, other version. */
  version: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}-[0-9a-f]{8}$/)),
  /** SHA-256 in hex over the JSON of everything else but the version. */
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
};

export const packSchema = z.discriminatedUnion('kind', [
  z.extend(procedureBodySchema, seal),
  z.extend(holidayBodySchema, seal),
]);
export type Pack = z.infer<typeof packSchema>;
export type ProcedurePack = Extract<Pack, { kind: 'procedures' }>;
export type HolidayPack = Extract<Pack, { kind: 'holidays' }>;
export type ProcedureBody = z.infer<typeof procedureBodySchema>;
export type HolidayBody = z.infer<typeof holidayBodySchema>;

/** The list of packs a server offers, newest versions only. */
export const packManifestSchema = z.strictObject({
  packs: z.array(
    z.strictObject({
      id: packId,
      kind: z.enum(['procedures', 'holidays']),
      title: z.string(),
      date: daySchema,
      ...seal,
      /** Path on the same host. */
      url: z.string().check(z.regex(/^\/packs\/[a-z0-9-]+\/[0-9a-f-]+\.json$/)),
      bytes: z.int(),
    }),
  ),
});
export type PackManifest = z.infer<typeof packManifestSchema>;

async function hashOf(body: object): Promise<string> {
  const digest = fromBase64url(await sha256(utf8(JSON.stringify(body)))) ?? [];
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Gives a body its version and hash. The same body always makes the same pack, byte for byte. */
export async function sealPack<B extends ProcedureBody | HolidayBody>(
  body: B,
): Promise<B & { readonly version: string; readonly hash: string }> {
  const hash = await hashOf(body);
  return { ...body, version: `${body.date}-${hash.slice(0, 8)}`, hash };
}

export type PackFault =
  | { readonly kind: 'not_json' }
  | { readonly kind: 'malformed'; readonly path: string; readonly message: string }
  | { readonly kind: 'wrong_hash' };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The gate for a pack that comes from outside: shape first, then whether it is the one it says it is. */
export async function readPack(text: string): Promise<Result<Pack, PackFault>> {
  const raw = parseJson(text);
  if (raw === undefined) return err({ kind: 'not_json' });
  const parsed = packSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return err({ kind: 'malformed', path: issue?.path.join('.') ?? '', message: issue?.message ?? '' });
  }
  // Over the text as it came, not over what the schema made of it: key order is part of the hash.
  const { version, hash, ...body } = raw as { version: string; hash: string };
  const expected = await hashOf(body);
  const same = hash === expected && version === `${parsed.data.date}-${expected.slice(0, 8)}`;
  return same ? ok(parsed.data) : err({ kind: 'wrong_hash' });
}
