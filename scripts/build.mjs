// npm run build: the whole build, whether or not a source changed. npm start does the same when one did.
import { build, ensureInstalled } from './prepare.mjs';

ensureInstalled();
build();
