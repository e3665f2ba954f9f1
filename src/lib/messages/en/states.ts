import type { UnitWord } from '../locale.ts';
import type { states as vi } from '../vi/states.ts';

const UNITS: Record<UnitWord, string> = { phường: 'ward', xã: 'commune', 'đặc khu': 'special zone' };

export const states = {
  saved: 'Saved on this phone',
  sending: 'Sending',
  delivered: (unit: UnitWord) => `Received by the ${UNITS[unit]}`,
  attention: 'Needs your attention',
  offline: 'No connection',
  online: 'Connected again',
  unsent: (count: number) => (count === 1 ? '1 visit not sent yet' : `${count} visits not sent yet`),
  nothingUnsent: (unit: UnitWord) => `Every visit has reached the ${UNITS[unit]}`,
  units: UNITS,
} satisfies typeof vi;
