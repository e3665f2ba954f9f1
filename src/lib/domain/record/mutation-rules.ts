import type { Action } from '../people/permissions.ts';
import type { MutationKind } from './mutation.ts';
import type { RowKind } from './row.ts';

/** What a mutation of a kind may do to a row of a kind. */
export interface ChangeRule {
  /** Needed on the row's belonging. */
  readonly action: Action;
  readonly create?: true;
  /** Plain fields it may set on a standing row; `all` settable ones. */
  readonly set?: readonly string[] | 'all';
  readonly personal?: true;
  readonly add?: readonly string[];
  readonly settle?: true;
}

/** The one table of intents: kind of mutation × kind of row → what it may do. Anything not listed is malformed. */
export const MUTATION_RULES: Readonly<Record<MutationKind, Partial<Record<RowKind, ChangeRule>>>> = {
  'assist.log': {
    assist: { action: 'assist.log', create: true, set: 'all', personal: true },
    filing: { action: 'assist.log', create: true, set: 'all', personal: true, add: ['sightings'] },
    consent: { action: 'personal.keep', create: true, set: 'all' },
  },
  'assist.edit': {
    assist: { action: 'assist.edit', set: 'all', personal: true },
    filing: { action: 'assist.edit', create: true, set: 'all', personal: true, add: ['sightings'] },
    consent: { action: 'personal.keep', create: true, set: 'all' },
  },
  'assist.void': {
    assist: { action: 'assist.void', set: ['voided'], personal: true },
    filing: { action: 'assist.void', set: ['voided'] },
  },
  'filing.edit': {
    filing: { action: 'assist.edit', set: 'all', personal: true, add: ['sightings'] },
  },
  'filing.sight': {
    filing: { action: 'filing.sight', set: ['officialDay', 'code'], add: ['sightings'] },
  },
  'clash.settle': {
    assist: { action: 'clash.settle', settle: true },
    filing: { action: 'clash.settle', settle: true },
    consent: { action: 'clash.settle', settle: true },
    person: { action: 'people.manage', settle: true },
    team: { action: 'people.manage', settle: true },
    neighbourhood: { action: 'people.manage', settle: true },
  },
  'record.discard': {},
  'record.accept': {},
  'gap.close': {},
  'person.add': { person: { action: 'people.manage', create: true, set: 'all' } },
  'person.change': { person: { action: 'people.manage', set: 'all' } },
  'team.add': { team: { action: 'people.manage', create: true, set: 'all' } },
  'team.change': { team: { action: 'people.manage', set: 'all' } },
  'neighbourhood.add': { neighbourhood: { action: 'people.manage', create: true, set: 'all' } },
  'neighbourhood.change': { neighbourhood: { action: 'people.manage', set: 'all' } },
};
