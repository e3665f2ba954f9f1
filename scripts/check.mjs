// npm run check: what can be judged from the text alone, and the units; under two minutes, before every commit.
import { buildContent, ensureInstalled, ensureSynced } from './prepare.mjs';
import { runSideBySide, Tally } from './run-steps.mjs';
import { textSteps, unit } from './test-steps.mjs';

ensureInstalled();
ensureSynced();
buildContent();
const tally = new Tally();
await runSideBySide(tally, [...textSteps, unit], 2);
tally.end();
