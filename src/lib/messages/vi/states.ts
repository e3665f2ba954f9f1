import type { UnitWord } from '../locale.ts';

/** The four states of a record, always these words, and the connection beside them. */
export const states = {
  saved: 'Đã lưu trên máy',
  sending: 'Đang gửi',
  delivered: (unit: UnitWord) => `Đã về ${unit}`,
  attention: 'Cần anh/chị xử lý',
  offline: 'Không có mạng',
  online: 'Đã có mạng',
  unsent: (count: number) => `Còn ${count} lượt chưa gửi`,
  nothingUnsent: (unit: UnitWord) => `Mọi lượt ghi đã về ${unit}`,
  units: { phường: 'phường', xã: 'xã', 'đặc khu': 'đặc khu' },
};
