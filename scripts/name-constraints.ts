import { isIPv4 } from 'node:net';

/**
 * The DER bytes of an X.509 NameConstraints extension (RFC 5280 §4.2.1.10), permitted names only.
 * The certificate library has no class for it, and without it a ward's authority, once trusted on a helper's own
 * phone, could vouch for any bank: that must not hang on how well one computer's key is kept.
 */
export const NAME_CONSTRAINTS_OID = '2.5.29.30';

/** Private address ranges: where a ward's computer can be. */
const PRIVATE_RANGES: readonly (readonly [address: number[], mask: number[]])[] = [
  [
    [10, 0, 0, 0],
    [255, 0, 0, 0],
  ],
  [
    [172, 16, 0, 0],
    [255, 240, 0, 0],
  ],
  [
    [192, 168, 0, 0],
    [255, 255, 0, 0],
  ],
  [
    [169, 254, 0, 0],
    [255, 255, 0, 0],
  ],
  [
    [127, 0, 0, 0],
    [255, 0, 0, 0],
  ],
];

/** Name endings that no public site can have. */
const LOCAL_ENDINGS = ['lan', 'local', 'internal', 'localhost'];

function element(tag: number, content: readonly number[]): number[] {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return [tag, ...size, ...content];
}

const subtree = (tag: number, bytes: readonly number[]): number[] => element(0x30, element(tag, bytes));

/** The names an authority made for `names` may certify: those and what lies under them, local endings, private addresses. */
export function permittedNames(names: readonly string[]): readonly string[] {
  return [...new Set([...names.filter((name) => !isIPv4(name)), ...LOCAL_ENDINGS])];
}

export function nameConstraints(permitted: readonly string[]): Uint8Array<ArrayBuffer> {
  const dns = permitted.flatMap((name) => subtree(0x82, [...Buffer.from(name, 'ascii')]));
  const addresses = PRIVATE_RANGES.flatMap(([address, mask]) => subtree(0x87, [...address, ...mask]));
  return Uint8Array.from(element(0x30, element(0xa0, [...dns, ...addresses])));
}

/** Whether an authority limited to `permitted` can certify a name or IPv4 address. */
export function isPermitted(permitted: readonly string[], name: string): boolean {
  if (isIPv4(name)) {
    const parts = name.split('.').map(Number);
    return PRIVATE_RANGES.some(([address, mask]) =>
      address.every((byte, i) => byte === ((parts[i] ?? 0) & (mask[i] ?? 0))),
    );
  }
  return permitted.some((ending) => name === ending || name.endsWith(`.${ending}`));
}
