// npm run dev: Vite with reloading on change, on the same database and demo ward as npm start.
import { buildContent, enableTypeScript, ensureInstalled } from './prepare.mjs';

ensureInstalled();
await enableTypeScript();
buildContent();
const { develop } = await import('./develop.ts');
await develop();
