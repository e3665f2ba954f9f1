export const PIN_LENGTH = 6;

/** What a PIN is worth. All but the first two are a warning: the person may keep it. */
export type PinJudgement = 'ok' | 'not_six_digits' | 'repeated' | 'run' | 'date' | 'year';

/** Three pairs, two triples or one digit: 111111, 121212, 123123, 112233. */
function isRepeated(pin: string): boolean {
  const unit = [1, 2, 3].some((length) => pin === pin.slice(0, length).repeat(PIN_LENGTH / length));
  const pairs = [0, 2, 4].every((at) => pin[at] === pin[at + 1]);
  return unit || pairs || new Set(pin).size <= 2;
}

/** 123456, 654321, 135790 wrapped or not: one step from digit to digit. */
function isRun(pin: string): boolean {
  const digits = [...pin].map(Number);
  const steps = digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10);
  return steps.every((step) => step === steps[0]);
}

/** Day, month and two digits of a year, in the orders people write them. */
function isDate(pin: string): boolean {
  const [a = 0, b = 0, c = 0] = [0, 2, 4].map((at) => Number(pin.slice(at, at + 2)));
  const fits = (day: number, month: number) => day >= 1 && day <= 31 && month >= 1 && month <= 12;
  return fits(a, b) || fits(c, b) || (fits(b, a) && c > 12);
}

/** Holds a whole birth year of somebody alive: 1930 to 2029. */
function isYear(pin: string): boolean {
  return /^(?:\d{2}|)(?:19[3-9]\d|20[0-2]\d)(?:\d{2}|)$/.test(pin);
}

/** Judges a PIN that is about to be set. Six digits, ASCII; guessable ones are named so that the screen can warn. */
export function judgePin(pin: string): PinJudgement {
  if (!/^[0-9]{6}$/.test(pin)) return 'not_six_digits';
  if (isRun(pin)) return 'run';
  if (isRepeated(pin)) return 'repeated';
  if (isYear(pin)) return 'year';
  return isDate(pin) ? 'date' : 'ok';
}
