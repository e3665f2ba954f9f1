import type { CurrentSession } from '$lib/server/auth/current-session.ts';

declare global {
  namespace App {
    interface Locals {
      /** Names this request in the log and on an error page. */
      requestId: string;
      /** Does this server run a demo? Known without the database. */
      demo: boolean;
      /** The session that counts at this moment, asked once a request. Null for strangers and before the first password. */
      session: () => Promise<CurrentSession | null>;
      /** The same, also while the first password has yet to be changed. Only `/first-password` needs it. */
      pendingSession: () => Promise<CurrentSession | null>;
    }
    interface Error {
      message: string;
      /** Told to the people who help; leads to the line in the log. */
      requestId?: string;
      /** Are the data here invented? Said by the server, and by the phone where that draws the page alone. */
      demo?: boolean;
    }
  }
}

export {};
