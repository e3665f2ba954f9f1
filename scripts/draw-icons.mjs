// Draws the app's icons from one drawing of our own: steps walked together, and a star at the top.
// node scripts/draw-icons.mjs   (needs a Chromium: CHROMIUM_PATH, else /usr/bin/chromium)
import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright';

const BLUE = '#0b57a4';
const STAR = '#f2b705';

/** A five-pointed star with round corners: points on two circles, joined by a thick round stroke. */
function star(x, y, radius) {
  const corners = Array.from({ length: 10 }, (_, at) => {
    const angle = (at * Math.PI) / 5 - Math.PI / 2 + 0.12;
    const reach = at % 2 === 0 ? radius : radius * 0.5;
    return `${(x + reach * Math.cos(angle)).toFixed(1)} ${(y + reach * Math.sin(angle)).toFixed(1)}`;
  });
  return `<path d="M${corners.join('L')}Z" fill="${STAR}" stroke="${STAR}" stroke-width="22" stroke-linejoin="round"/>`;
}

/** The drawing on 512 × 512; `corner` rounds the ground, `scale` keeps a maskable icon inside its safe circle. */
function drawing(corner, scale) {
  const inset = ((1 - scale) * 512) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
  <rect width="512" height="512" rx="${corner}" fill="${BLUE}"/>
  <g transform="translate(${inset} ${inset}) scale(${scale})">
    <path d="M104 408v-60h104v-74h104v-74h96v208z" fill="#fff" stroke="#fff" stroke-width="32" stroke-linejoin="round"/>
    ${star(196, 152, 84)}
  </g>
</svg>
`;
}

const FILES = [
  { name: 'icon-192.png', size: 192, svg: drawing(96, 0.92) },
  { name: 'icon-512.png', size: 512, svg: drawing(96, 0.92) },
  { name: 'icon-maskable-512.png', size: 512, svg: drawing(0, 0.72) },
];

mkdirSync('static/icons', { recursive: true });
writeFileSync('static/favicon.svg', drawing(96, 0.96));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
for (const { name, size, svg } of FILES) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<body style="margin:0">${svg.replace('<svg', `<svg width="${size}" height="${size}"`)}`,
  );
  await page.screenshot({ path: `static/icons/${name}`, omitBackground: true });
  await page.close();
}
await browser.close();
