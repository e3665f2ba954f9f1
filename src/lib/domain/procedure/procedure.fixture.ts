import type { ProcedureBody } from './pack.ts';
import type { Procedure } from './procedure.ts';

/** A made-up catalogue for the tests of this room; the real one is data and changes without them. */
export function sampleProcedure(changes: Partial<Procedure> = {}): Procedure {
  const from = { state: 'high', source: 'portal' } as const;
  return {
    id: 'mau',
    kind: 'procedure',
    code: { value: '1.000001', ...from },
    name: { value: 'Thủ tục mẫu để thử', ...from },
    shortName: 'Thủ tục mẫu',
    alsoCalled: ['giấy mẫu'],
    group: 'civil-status',
    directive24: { value: false, ...from },
    agency: { value: 'Uỷ ban nhân dân cấp xã', ...from },
    online: { value: { accepted: true, level: null }, ...from },
    papers: { value: [{ text: 'Tờ khai' }], ...from },
    fee: { value: { kind: 'free', words: 'Không mất phí', printed: 'Miễn phí' }, ...from },
    timeLimit: {
      value: { kind: 'working_days', count: 3, words: '3 ngày làm việc', printed: '3 ngày' },
      ...from,
    },
    legalBasis: { value: ['60/2014/QH13'], ...from },
    portalUrl: { value: 'https://dichvucong.gov.vn/thu-tuc-hanh-chinh/mau', ...from },
    mistakes: { value: ['Quên ký tên.'], state: 'low', source: 'portal' },
    notes: [],
    ...changes,
  };
}

export function sampleBody(entries: Procedure[] = [sampleProcedure()]): ProcedureBody {
  return {
    kind: 'procedures',
    id: 'sample',
    title: 'Danh mục mẫu',
    date: '2026-11-22' as ProcedureBody['date'],
    sources: { portal: { title: 'Cổng mẫu', date: '2026-07' } },
    groups: [{ id: 'civil-status', name: 'Hộ tịch' }],
    entries,
  };
}
