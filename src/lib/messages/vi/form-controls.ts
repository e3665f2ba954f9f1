/** Words of the building blocks that forms, tables and the PIN pad are made of: Hôm nay has none of them. */
export const formControls = {
  showPassword: 'Hiện mật khẩu',
  hidePassword: 'Che mật khẩu',
  charactersLeft: (count: number) => `Còn ${count} chữ`,
  charactersOver: (count: number) => `Dài quá ${count} chữ`,
  dateHint: 'Ngày/tháng/năm, ví dụ 05/09/2026',
  dateInvalid: 'Ngày này chưa đúng. Anh/chị ghi ngày/tháng/năm.',
  openCalendar: 'Chọn trên lịch',
  pinProgress: (typed: number, length: number) => `Đã nhập ${typed} trên ${length} số`,
  pinDelete: 'Xoá số cuối',
  numberKeyHint: 'Có thể bấm phím số để chọn',
  sortBy: (column: string) => `Xếp theo ${column}`,
  emptyTable: 'Chưa có dòng nào',
  typeAddress: 'Hoặc gõ địa chỉ này',
  qrOf: (address: string) => `Mã QR của địa chỉ ${address}`,
};
