import type { Handle, HandleServerError, RequestEvent } from '@sveltejs/kit';
import { building } from '$app/environment';
import { appContext, servesDemo } from '$lib/server/app-context.ts';
import { attachSession } from '$lib/server/auth/attach-session.ts';
import { chosenLocale } from '$lib/server/chosen-locale.ts';
import { logFault, logRequest, newRequestId } from '$lib/server/log.ts';

export const handle: Handle = async ({ event, resolve }) => {
  event.locals.demo = servesDemo();
  if (building) {
    attachSession(event, () => Promise.resolve(null));
    return resolve(event);
  }
  event.locals.requestId = newRequestId();
  attachSession(event, appContext);
  const locale = chosenLocale(event.cookies);
  const began = performance.now();
  const response = await resolve(event, {
    transformPageChunk: ({ html }) => html.replace('<html lang="vi"', `<html lang="${locale}"`),
  });
  response.headers.set('x-request-id', event.locals.requestId);
  logRequest(factsOf(event, response.status, performance.now() - began));
  return response;
};

function factsOf(event: RequestEvent, status: number, ms: number) {
  return { id: event.locals.requestId, method: event.request.method, route: event.route.id, status, ms };
}

/** People get a number to tell; what went wrong stands in the log under it. */
export const handleError: HandleServerError = ({ error, event, status, message }) => {
  const requestId = event.locals.requestId;
  if (status !== 404) logFault(error, { id: requestId, route: event.route.id });
  return { message: status === 404 ? message : 'server_fault', requestId, demo: event.locals.demo };
};
