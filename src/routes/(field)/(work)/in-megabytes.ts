const FORMAT = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 });

/** "8,3 MB" or "10,7 GB", as people read sizes on phones. */
export function inMegabytes(bytes: number): string {
  if (bytes >= 1e9) return `${FORMAT.format(bytes / 1e9)} GB`;
  return `${FORMAT.format(bytes / 1_000_000)} MB`;
}
