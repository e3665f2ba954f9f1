import { getContext, setContext } from 'svelte';
import type { PhoneSession, SessionState } from '$lib/phone/session/phone-session.ts';

/** The phone's session as the field screens see it. Read inside markup or `$derived` to stay reactive. */
export interface FieldContext {
  readonly session: PhoneSession;
  readonly state: SessionState;
}

const KEY = Symbol('field');

export function setFieldContext(context: FieldContext): void {
  setContext(KEY, context);
}

/** Below the field's layout only: it shows its pages once the session is there. */
export function getFieldContext(): FieldContext {
  return getContext<FieldContext>(KEY);
}
