// npm run bench [-- --rows save,send] [-- --smoke]: the product beside its floors; see docs/bench.md.
import { enableTypeScript, ensureInstalled } from './prepare.mjs';

ensureInstalled();
await enableTypeScript();
const { bench } = await import('../bench/run.ts');
await bench(process.argv.slice(2));
