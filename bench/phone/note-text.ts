const WORDS =
  'bà con ông bác cháu gia đình hộ dân người thân hồ sơ giấy tờ bản gốc bản sao khai sinh tạm trú thường trú bảo hiểm y tế đất đai lệ phí biên lai trực tuyến ngân hàng điện thoại đăng nhập mức hai kích hoạt mất sóng mạng chậm chụp lại rõ nét thiếu chữ ký hẹn trả kết quả buổi sáng chiều bổ sung tổ trưởng hướng dẫn nộp thành công chờ xử lý nhắn tin'.split(
    ' ',
  );

/** A note of a helper, 20 to 40 words: the same number gives the same note. */
export function noteOf(at: number): string {
  let state = (Math.imul(at + 1, 2_654_435_761) ^ 0x9e3779b9) >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const length = 20 + next(21);
  return Array.from({ length }, () => WORDS[next(WORDS.length)]).join(' ');
}
