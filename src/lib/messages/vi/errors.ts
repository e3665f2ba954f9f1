/** Whole-page trouble. Closed error kinds of a noun live in that noun's own area. */
export const errors = {
  title: 'Chưa mở được trang này',
  text: 'Những gì anh/chị đã ghi vẫn còn trên máy. Anh/chị thử lại nhé.',
  notFoundTitle: 'Không có trang này',
  notFoundText: 'Địa chỉ có thể đã gõ nhầm hoặc trang đã chuyển đi.',
  forbiddenTitle: 'Anh/chị chưa được xem trang này',
  forbiddenText: 'Nếu cần xem, anh/chị hỏi người quản trị của đơn vị.',
  offlineTitle: 'Trang này cần có mạng',
  offlineText: 'Khi có mạng lại, anh/chị bấm thử lại. Phần ghi nhanh vẫn dùng được.',
  retry: 'Thử lại',
  goHome: 'Về trang đầu',
  code: (code: string) => `Mã lỗi: ${code}`,
};
