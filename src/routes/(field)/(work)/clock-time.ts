import type { Instant } from '$lib/kernel/clock.ts';

const FORMAT = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh',
  hour: '2-digit',
  minute: '2-digit',
});

/** "09:42", by Vietnam's clock. */
export function clockTime(instant: Instant): string {
  return FORMAT.format(instant);
}
