// Copied into the harness's adapters/; `xks` is a link to a checkout of this project (see README.md).
import { expose } from './_bench.mjs';
import { contender } from '../xks/bench/peer/contender.ts';

expose(contender);
