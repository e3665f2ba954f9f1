import { parseDay } from '../../kernel/calendar/day.ts';
import { fold } from '../../kernel/text/fold.ts';

/**
 * Shapes seen on receipts and on the Cổng (samples collected 2026-09, none of them promised by a
 * standard; so a code that fits none is flagged and kept, never refused):
 *   000.00.12.H62-201105-0004   province, with the agency's number
 *   H26-260930-0012             province, short
 *   G22.99-251225-020175        National Portal
 *   G22.99.08-260921-896048     linked procedures (liên thông)
 * That is: agency – YYMMDD – serial of 4 to 6 digits. H is a province, G a ministry.
 */
const DOSSIER_CODE = /^(?:\d{3}(?:\.\d{2}){2}\.)?[HG]\d{2}(?:\.\d{2}){0,2}-(\d{2})(\d{2})(\d{2})-\d{4,6}$/;

/** The portal's payment numbers look alike and are often written down instead. */
const PAYMENT_NUMBER = /^G22\.99\.3(?:-|$)/;

const DASHES = /[\u2010-\u2015\u2212\u00ad_]/gu;
const UNSEEN = /[\s\u200b-\u200f\u2060\ufeff]/gu;

export type DossierCodeKind = 'plausible' | 'payment_number' | 'implausible';

export interface JudgedCode {
  readonly kind: DossierCodeKind;
  /** As it is stored and compared. */
  readonly code: string;
}

/** One spelling for one code: no spaces, capitals, plain hyphens, without a pasted "Mã hồ sơ:". */
export function normaliseDossierCode(typed: string): string {
  const colon = typed.indexOf(':');
  const label = colon < 0 ? '' : fold(typed.slice(0, colon)).trim();
  const bare = /^(?:ma|so)(?: so)? ho so$/.test(label) ? typed.slice(colon + 1) : typed;
  return bare
    .normalize('NFKC')
    .replace(UNSEEN, '')
    .replace(DASHES, '-')
    .toUpperCase()
    .replace(/[.,;]+$/, '');
}

function hasPlausibleShape(code: string): boolean {
  const match = DOSSIER_CODE.exec(code);
  return match !== null && parseDay(`20${match[1]}-${match[2]}-${match[3]}`) !== null;
}

/** What a code looks like, in any spelling. Only `plausible` makes an assist "submitted". */
export function judgeDossierCode(typed: string): JudgedCode {
  const code = normaliseDossierCode(typed);
  if (PAYMENT_NUMBER.test(code)) return { kind: 'payment_number', code };
  return { kind: hasPlausibleShape(code) ? 'plausible' : 'implausible', code };
}
