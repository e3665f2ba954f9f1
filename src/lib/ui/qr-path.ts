import encodeQR from 'qr';

/** A QR code as one SVG path in modules, and its side. The only file that knows the library (qr, MIT). */
export interface QrPath {
  readonly path: string;
  /** Modules along a side, the quiet zone of 4 included. */
  readonly side: number;
}

/** Encodes text (UTF-8) with medium error correction. Throws when the text is longer than a QR code holds. */
export function qrPathOf(text: string): QrPath {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { path, side: rows.length };
}
