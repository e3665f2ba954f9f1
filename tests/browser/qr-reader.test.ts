import encodeQR from 'qr';
import { describe, expect, it } from 'vitest';
import { readInvitation } from '$lib/phone/enrolment/invitation-text.ts';
import { pictureReader } from '$lib/phone/enrolment/qr-reader.ts';

const ADDRESS = 'https://ward.lan/enrol#7KQ2MXR4TB';

/** The code as a camera might see it: on grey, off centre, each module some pixels wide. */
function pictureOf(text: string | null, size = 640, module = 9): ImageData {
  const paper = new OffscreenCanvas(size, size).getContext('2d')!;
  paper.fillStyle = '#c8c8c8';
  paper.fillRect(0, 0, size, size);
  const rows = text === null ? [] : encodeQR(text, 'raw', { border: 4 });
  rows.forEach((row, y) =>
    row.forEach((dark, x) => {
      paper.fillStyle = dark ? '#202020' : '#f4f4f4';
      paper.fillRect(61 + x * module, 83 + y * module, module, module);
    }),
  );
  return paper.getImageData(0, 0, size, size);
}

describe('A2 the invitation’s QR, read on the phone', () => {
  it('reads the code in its worker, and nothing from an empty picture', async () => {
    const reader = pictureReader();
    expect(await reader.read(pictureOf(null))).toBeNull();
    const text = await reader.read(pictureOf(ADDRESS));
    expect(readInvitation(text ?? '', 'https://ward.lan')).toEqual({ ok: true, value: '7KQ2MXR4TB' });
    reader.end();
  });
});
