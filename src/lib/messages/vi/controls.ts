/** Words that belong to the building blocks themselves, not to a screen: those that Hôm nay and its frame may draw. */
export const controls = {
  close: 'Đóng',
  cancel: 'Thôi',
  undo: 'Hoàn tác',
  undoSeconds: (seconds: number) => `Hoàn tác ${seconds} giây`,
  dismiss: 'Ẩn thông báo',
  busy: 'Đang làm…',
  loading: 'Đang tải…',
  optional: 'không bắt buộc',
  progress: (value: number, max: number) => `${value} trên ${max}`,
  rows: (count: number) => `${count} dòng`,
  details: (count: number) => `Xem ${count} nội dung`,
  history: 'Lịch sử',
  search: 'Tìm',
  clear: 'Xoá chữ đã gõ',
};
