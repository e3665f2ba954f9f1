import { lookAtEverything } from './all-looks.ts';

lookAtEverything('vi');
