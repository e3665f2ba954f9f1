import { dev, version } from '$app/environment';
import type { ClientInit, HandleClientError } from '@sveltejs/kit';
import { registerApp } from '$lib/phone/pwa/register-app.ts';

export const init: ClientInit = () => {
  void registerApp(dev);
};

/** No server drew this page: the phone says what it would have said. The fault itself is told to the console alone. */
export const handleError: HandleClientError = async ({ error, message }) => {
  reportError(error);
  const demo = await import('$lib/phone/session/phone-in-demo.ts')
    .then(({ phoneInDemo }) => phoneInDemo(version))
    .catch(() => false);
  return { message, demo };
};
