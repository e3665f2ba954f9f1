import { readdirSync } from 'node:fs';

/** One page that shows the pictures of a folder: those of one tour and one width, or (null) all of them. */
export function contactSheet(folder: string, title: string, tour: string, width: number | null): string {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.png') && !file.startsWith('sheet-') && file.startsWith(tour))
    .filter((file) => width === null || file.endsWith(`-${width}.png`))
    .sort();
  const figures = files.map((file) => {
    const wide = file.endsWith('-1440.png');
    const name = file.replace(/-\d+\.png$/, '').replace(/^[a-z]+-\d+-/, '');
    return `<figure class="${wide ? 'wide' : 'slim'}"><figcaption>${name}</figcaption><img src="${file}" alt="${name}"></figure>`;
  });
  return `<!doctype html><html lang="vi"><meta charset="utf-8"><title>${title}</title><style>
body{margin:16px;background:#d9d6cd;font:14px/1.4 sans-serif}
main{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}
figure{margin:0}img{display:block;border-radius:8px}figcaption{font-weight:700;margin-bottom:4px}
.slim img{width:300px}.wide img{width:620px}
</style><h1>${title} · ${files.length}</h1><main>${figures.join('\n')}</main></html>`;
}
