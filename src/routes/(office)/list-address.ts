/** The list's address with some parts changed; a change of view begins at the first page again. */
export function listAddress(url: URL, changes: Readonly<Record<string, string | null>>): string {
  const params = new URLSearchParams(url.searchParams);
  params.delete('after');
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') params.delete(name);
    else params.set(name, value);
  }
  for (const [name, value] of [...params]) if (value === '') params.delete(name);
  const query = params.toString();
  return query === '' ? url.pathname : `${url.pathname}?${query}`;
}
