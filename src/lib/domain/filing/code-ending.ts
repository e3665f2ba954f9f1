/** For notes and public pages, where the whole code would be too much: '…0012'. */
export function lastFourOfCode(code: string): string {
  return `…${code.trim().slice(-4)}`;
}
