import decodeQR from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { qrPathOf } from './qr-path.ts';

/** Paints the path as the browser would: 4 px a module, black on white, RGBA. */
function painted(text: string) {
  const { path, side } = qrPathOf(text);
  const scale = 4;
  const width = side * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let dy = 0; dy < scale; dy++) {
      for (let dx = 0; dx < scale; dx++) {
        const at = ((Number(y) * scale + dy) * width + Number(x) * scale + dx) * 4;
        data.fill(0, at, at + 3);
      }
    }
  }
  return { width, height: width, data };
}

describe('A2 the QR code holds the very address', () => {
  it.each(['https://ward.example/enrol#K7M2P-9QXTD', 'https://dichvucong.gov.vn', 'Phường Mẫu'])(
    '%s',
    (text) => {
      expect(decodeQR(painted(text))).toBe(text);
    },
  );

  it('keeps the quiet zone free', () => {
    const { path, side } = qrPathOf('x');
    const marks = Array.from(path.matchAll(/M(\d+) (\d+)/g), ([, x, y]) => [Number(x), Number(y)]).flat();
    expect([Math.min(...marks), Math.max(...marks)]).toEqual([4, side - 5]);
  });
});
