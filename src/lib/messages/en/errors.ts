import type { errors as vi } from '../vi/errors.ts';

export const errors = {
  title: 'This page could not be opened',
  text: 'What you have recorded is still on this device. Please try again.',
  notFoundTitle: 'There is no such page',
  notFoundText: 'The address may be mistyped, or the page has moved.',
  forbiddenTitle: 'You may not see this page',
  forbiddenText: 'If you need it, ask the administrator of your unit.',
  offlineTitle: 'This page needs a connection',
  offlineText: 'Try again when the signal is back. Quick log works without it.',
  retry: 'Try again',
  goHome: 'Go to the first page',
  code: (code: string) => `Error code: ${code}`,
} satisfies typeof vi;
