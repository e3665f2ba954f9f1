import { dev } from '$app/environment';
import type { ClientInit } from '@sveltejs/kit';
import { registerApp } from '$lib/phone/pwa/register-app.ts';

export const init: ClientInit = () => {
  void registerApp(dev);
};
