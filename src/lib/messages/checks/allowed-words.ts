/** Foreign words the Vietnamese interface may use, because people say them so. Mirrors the glossary. */
export const ALLOWED_IN_VIETNAMESE: ReadonlySet<string> = new Set([
  'VNeID', // the national identity app's own name
  'OTP', // as printed in the message people receive
  'PIN',
  'QR',
  'SIM',
  'SMS',
  'Zalo',
  'Facebook',
  'Chrome',
  'Safari',
  'Android',
  'iPhone',
  'English', // the language's own name, on the language switch
  'Wi', // Wi-Fi
  'Fi',
  'gov', // addresses
  'vn',
  'dichvucong',
  'UBND', // Vietnamese abbreviations
  'CCCD',
  'BHXH',
  'BHYT',
]);

/** Vietnamese words the English interface may use: names. */
export const ALLOWED_IN_ENGLISH: ReadonlySet<string> = new Set(['Xung', 'Kích', 'Số', 'Tiếng', 'Việt']);
