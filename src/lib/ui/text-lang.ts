const VIETNAMESE = /[ăâđêôơưàáãèéìíĩòóõùúũỳý\u1ea0-\u1ef9]/iu;

/** `vi` for content that is Vietnamese in every interface (procedures, places, notes), so that it is read aloud as such. */
export function textLang(text: string): 'vi' | undefined {
  return VIETNAMESE.test(text.normalize('NFC')) ? 'vi' : undefined;
}
