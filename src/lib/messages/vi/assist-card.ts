/** What a card in a list says of an assist: the part of `assistWords` that Hôm nay needs at once. */
export const assistCard = {
  outcomesShort: {
    submitted: 'Đã nộp, có mã',
    submitted_no_code: 'Đã nộp, chưa mã',
    draft_left: 'Còn nháp',
    account_step: 'Bước tài khoản',
    guided_only: 'Mới hướng dẫn',
    appointment: 'Hẹn lại',
    handed_over: 'Chuyển nơi khác',
    not_possible: 'Chưa làm được',
    declined: 'Bà con không làm',
  },
  typedBy: { resident: 'Bà con', relative: 'Người nhà', helper: 'Tổ viên' },
  voided: 'Đã huỷ lượt ghi',
};
