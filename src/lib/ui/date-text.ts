/** Days as people write them (dd/MM/yyyy) and as records keep them (yyyy-MM-dd). */

function real(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/**
 * Reads a typed day: 5/9/2026, 05-09-2026, 05.09.26, 05092026. Day first, always.
 * Two-digit years are of this century. Null for anything that is no day of the calendar.
 */
export function dayFromText(text: string): string | null {
  const parts =
    /^(\d{1,2})\s*[/.\s-]\s*(\d{1,2})\s*[/.\s-]\s*(\d{4}|\d{2})$/.exec(text.trim()) ??
    /^(\d{2})(\d{2})(\d{4})$/.exec(text.trim());
  if (parts === null) return null;
  const [day, month, written] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const year = parts[3]?.length === 2 ? 2000 + written : written;
  if (year < 1900 || !real(year, month, day)) return null;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}`;
}

/** The inverse, for showing: empty text for anything that is not yyyy-MM-dd. */
export function textFromDay(iso: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  return parts === null ? '' : `${parts[3]}/${parts[2]}/${parts[1]}`;
}
