import type { demo as vi } from '../vi/demo.ts';

export const demo = {
  band: 'SAMPLE DATA',
  explanation: 'All people and filings here are invented, for trying things out.',
} satisfies typeof vi;
