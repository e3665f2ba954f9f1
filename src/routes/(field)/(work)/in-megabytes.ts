const FORMAT = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 });

/** "1.234,5 MB", as people read sizes on phones. */
export function inMegabytes(bytes: number): string {
  return `${FORMAT.format(bytes / 1_000_000)} MB`;
}
