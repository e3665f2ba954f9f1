// The page the service worker answers with for every field address when there is no network: it holds the app and no words.
export const prerender = true;
export const ssr = false;
