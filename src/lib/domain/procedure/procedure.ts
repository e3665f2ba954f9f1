import * as z from 'zod/mini';
import type { Day } from '../../kernel/calendar/day.ts';
import { factOf, isExpired, isUnsure } from './fact.ts';
import { feeSchema } from './fee.ts';
import { timeLimitSchema } from './time-limit.ts';

/** An account is help with VNeID itself: no filing comes of it, an account step does. */
export const SUBJECT_KINDS = ['procedure', 'account'] as const;

/** National code of an administrative procedure; the `.H42` a province adds is not part of it. */
export const PROCEDURE_CODE = /^\d\.\d{6}$/;
/** Stable for ever: assists and filings name a procedure by it. `other` means "not in the list". */
const PROCEDURE_ID = /^(?!other$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Host names a resident may be sent to. */
export const STATE_HOST = /(?:^|\.)gov\.vn$/;

const sentence = z.string().check(z.minLength(3), z.maxLength(240));

function isStateAddress(text: string): boolean {
  try {
    const { protocol, hostname, username, port } = new URL(text);
    return protocol === 'https:' && STATE_HOST.test(hostname) && username === '' && port === '';
  } catch {
    return false;
  }
}

const stateAddress = z
  .string()
  .check(z.maxLength(300), z.refine(isStateAddress, 'must be https on a gov.vn host'));

/** A paper to have at hand; `general`: common knowledge, not in the portal's record. */
const paperSchema = z.strictObject({ text: sentence, general: z.optional(z.literal(true)) });

/** `accepted`: whether the Cổng takes it online. The level only where it is known. */
const onlineSchema = z.strictObject({
  accepted: z.nullable(z.boolean()),
  level: z.nullable(z.enum(['whole', 'part'])),
});

/** One subject of help, as the content holds it. Facts are facts; the sentences are our own. */
export const procedureSchema = z.strictObject({
  id: z.string().check(z.regex(PROCEDURE_ID), z.maxLength(60)),
  kind: z.enum(SUBJECT_KINDS),
  /** Null where no national code was found, or for an account. */
  code: factOf(z.nullable(z.string().check(z.regex(PROCEDURE_CODE)))),
  /** As the Cổng prints it. */
  name: factOf(z.string().check(z.minLength(5), z.maxLength(700))),
  /** For buttons and lists. */
  shortName: z.string().check(z.minLength(3), z.maxLength(32)),
  /** Everyday words and abbreviations that find it. */
  alsoCalled: z.array(z.string().check(z.minLength(2), z.maxLength(60))).check(z.maxLength(12)),
  group: z.string().check(z.minLength(2), z.maxLength(40)),
  /** Place 1–8 among a ward's default buttons in Ghi nhanh. */
  quick: z.optional(z.int().check(z.gte(1), z.lte(8))),
  /** One of the services that no longer take paper (directive 24/CT-TTg of 2025). */
  directive24: factOf(z.boolean()),
  agency: factOf(z.nullable(sentence)),
  online: factOf(onlineSchema),
  papers: factOf(z.array(paperSchema).check(z.maxLength(12))),
  fee: factOf(feeSchema),
  timeLimit: factOf(timeLimitSchema),
  /** As listed by the portal, where some are replaced already. */
  legalBasis: factOf(z.array(z.string().check(z.minLength(3), z.maxLength(120))).check(z.maxLength(30))),
  portalUrl: factOf(z.nullable(stateAddress)),
  /** Experience, not checked against a source. */
  mistakes: factOf(z.array(sentence).check(z.maxLength(8))),
  notes: z.array(sentence).check(z.maxLength(5)),
});
export type Procedure = z.infer<typeof procedureSchema>;
export type ProcedureId = Procedure['id'];

export const FACT_FIELDS = [
  'code',
  'name',
  'directive24',
  'agency',
  'online',
  'papers',
  'fee',
  'timeLimit',
  'legalBasis',
  'portalUrl',
  'mistakes',
] as const satisfies readonly (keyof Procedure)[];
export type FactField = (typeof FACT_FIELDS)[number];

/** Facts said loudly when they are weak: a wrong one costs the resident money, time or a trip. */
export const LOUD_FIELDS: readonly FactField[] = ['fee', 'timeLimit', 'agency'];

/** The fields a reader should check on the Cổng: weak ones and those that no longer hold. */
export function fieldsInDoubt(procedure: Procedure, today: Day): readonly FactField[] {
  return FACT_FIELDS.filter((field) => {
    // "No code", "no mistakes known" are no doubt about anything a resident acts on.
    if (field === 'mistakes' || field === 'code' || field === 'directive24') return false;
    return isUnsure(procedure[field]) || isExpired(procedure[field], today);
  });
}
