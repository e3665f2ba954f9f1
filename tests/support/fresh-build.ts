import { ensureBuilt } from '../../scripts/prepare.mjs';

/** A runner's global set-up: the build that npm start would serve. */
export default function setup(): void {
  ensureBuilt();
}
