/** Foreign words the Vietnamese interface may use, because people say them so: the glossary's list, word for word. */
export const FOREIGN_WORDS: readonly string[] = [
  'Android',
  'Chrome',
  'Excel',
  'Facebook',
  'iPhone',
  'OTP', // as printed in the message people receive
  'passcode', // as VNeID prints it
  'PIN',
  'QR',
  'Safari',
  'SIM',
  'SMS',
  'VNeID', // the national identity app's own name
  'Wi-Fi',
  'Windows',
  'Zalo',
];

/** What stands among words and is none: parts of addresses, abbreviations, the name of a language on its switch. */
const NO_WORDS: readonly string[] = ['gov', 'vn', 'dichvucong', 'UBND', 'CCCD', 'BHXH', 'BHYT', 'English'];

/** What the Vietnamese interface may hold beside Vietnamese syllables. */
export const ALLOWED_IN_VIETNAMESE: ReadonlySet<string> = new Set([
  ...FOREIGN_WORDS.flatMap((word) => word.split('-')),
  ...NO_WORDS,
]);

/** Vietnamese words the English interface may use: names. */
export const ALLOWED_IN_ENGLISH: ReadonlySet<string> = new Set(['Xung', 'Kích', 'Số', 'Tiếng', 'Việt']);
