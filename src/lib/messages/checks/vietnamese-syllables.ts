/** Test support: tells a Vietnamese syllable from a foreign word by its spelling. */

const RHYMES = new Set(
  (
    'a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây ' +
    'e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu ' +
    'iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt ' +
    'oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt ' +
    'u ua uc ui um un ung up ut uya uân uâng uât uây uê uêch uênh uơ uy uych uyên uyêt uynh uyt uyu ' +
    'uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yên yêm yêng yêt yêu'
  ).split(' '),
);

const ONSETS = (
  'ngh ng nh n tr th t ch c gh gi g kh k ph p qu b d đ h l m r s v x'.split(' ') as readonly string[]
).concat('');

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;

/** Drops the tone, keeps the vowel's own hat, horn and breve, and đ. */
function toneless(word: string): string {
  return word.normalize('NFD').replace(TONES, '').normalize('NFC').toLowerCase();
}

// Spelled like Vietnamese, yet never a word of ours without a tone mark.
const LOOKALIKES = new Set(['the', 'then', 'them', 'on', 'men', 'us']);

/** True for anything spelled as one Vietnamese syllable, with or without a tone. */
export function isVietnameseSyllable(word: string): boolean {
  const bare = toneless(word);
  if (LOOKALIKES.has(word.toLowerCase())) return false;
  // A syllable closed by c, ch, p or t always carries sắc or nặng.
  if (/(c|ch|p|t)$/.test(bare) && !/[\u0301\u0323]/.test(word.normalize('NFD'))) return false;
  return ONSETS.some((onset) => bare.startsWith(onset) && RHYMES.has(bare.slice(onset.length)));
}

/** The words of a text: runs of letters (with their marks). Digits and signs separate. */
export function wordsOf(text: string): readonly string[] {
  return text.normalize('NFC').match(/\p{L}[\p{L}\p{M}]*/gu) ?? [];
}

/** Sentences of a text; an ellipsis or a line break ends one too. */
export function sentencesOf(text: string): readonly string[] {
  return text.split(/[.!?…\n]+/u).filter((part) => part.trim() !== '');
}

/** True when the text holds a letter only Vietnamese uses. */
export function hasVietnameseLetters(text: string): boolean {
  return /[ăâđêôơư\u1ea0-\u1ef9áàãéèíìĩóòõúùũý]/iu.test(text.normalize('NFC'));
}
