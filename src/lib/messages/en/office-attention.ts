import type { UnitWord } from '../locale.ts';
import type { officeAttention as vi } from '../vi/office-attention.ts';

const UNITS: Readonly<Record<UnitWord, string>> = {
  phường: 'ward',
  xã: 'commune',
  'đặc khu': 'special zone',
};

export const officeAttention = {
  title: 'To settle',
  nothingTitle: 'Nothing to settle',
  nothingText: 'Whatever needs a decision will appear here at once.',
  clashes: 'Two people edited differently',
  clashesText: 'Both are kept. Choose the right one, then confirm.',
  clashOf: (field, title) => `${field} · ${title}`,
  openRecord: 'Open the record to see more',
  choose: 'Choose the right one',
  standing: (who, when) => `Standing · ${who}, ${when}`,
  late: (who, when) => `Came later · ${who}, ${when}`,
  confirm: 'Confirm',
  hidden: 'masked',
  openPrivate: 'Open the private part',
  openPrivateText: 'A private part is masked. Each time it is opened is recorded.',
  settled: 'Settled.',
  settledAlready: 'Somebody was quicker. Please look at the list again.',
  chooseFirst: 'Please choose one before confirming.',
  quarantine: (unit) => `Records the ${UNITS[unit]} has not taken`,
  quarantineText: 'They are kept here and not lost. Their author still sees and can mend them.',
  reason: (unit, reason) => `Why the ${UNITS[unit]} has not taken it: ${reason}`,
  reasons: {
    unknown_kind: 'The device is newer than the server. It will be taken after an update.',
    given_up: 'The record is too large to be sent.',
    waiting: 'Waiting for a related record from another device, after a restore.',
  },
  unreadable: 'The content could not be read',
  received: (time) => `Received ${time}`,
  content: 'Content',
  discard: 'Discard this record',
  discardText: 'Discard only after asking its author. It cannot be taken again.',
  discardConfirm: 'Discard for good',
  discarded: 'The record has been discarded.',
  problems: {
    not_yours: 'Your role may not decide this.',
    last_administrator: 'There must be at least one administrator.',
    refused: 'The server could not save this. Please try again.',
  },
} satisfies typeof vi;
