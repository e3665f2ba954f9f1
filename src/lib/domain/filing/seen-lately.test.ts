import { describe, expect, it } from 'vitest';
import { asDay } from '../../kernel/calendar/day.ts';
import { workingCalendar } from '../../kernel/calendar/working-days.ts';
import { shownStatus, unseenUpTo } from './seen-lately.ts';

const covers = { from: asDay('2026-01-01'), to: asDay('2026-12-31') };
const plain = workingCalendar([], covers);

describe('L2 a filing nobody has looked at for 10 working days is unknown', () => {
  it('counts two weeks without holidays back to the Monday before', () => {
    expect(unseenUpTo(asDay('2026-11-23'), plain)).toBe('2026-11-09');
  });

  it('reaches further back over a confirmed holiday, and as far over one that is not sure', () => {
    const off = { from: asDay('2026-11-18'), to: asDay('2026-11-18'), kind: 'off' as const };
    const sure = workingCalendar([{ ...off, state: 'confirmed' }], covers);
    const unsure = workingCalendar([{ ...off, state: 'expected' }], covers);
    expect(unseenUpTo(asDay('2026-11-23'), sure)).toBe('2026-11-08');
    expect(unseenUpTo(asDay('2026-11-23'), unsure)).toBe('2026-11-08');
  });

  it('keeps a status that was seen a day later, and one that is known for good', () => {
    const unseen = asDay('2026-11-09');
    expect(shownStatus('processing', '2026-11-09', unseen)).toBe('unknown');
    expect(shownStatus('processing', '2026-11-10', unseen)).toBe('processing');
    expect(shownStatus('result_received', '2026-01-05', unseen)).toBe('result_received');
    expect(shownStatus(null, null, unseen)).toBe('unknown');
  });
});
