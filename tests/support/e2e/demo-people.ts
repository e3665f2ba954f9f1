import type { Page } from '@playwright/test';
import type { Role } from '../../../src/lib/domain/people/roles.ts';
import { demoEnterAnswerSchema, entryAnswerSchema } from '../../../src/lib/protocol/enrol.ts';

/** Asks from within a page of the ward: only the browser knows its name. */
function ask(page: Page, path: string, body: object | null): Promise<unknown> {
  return page.evaluate(
    async ([address, text]) => {
      const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: text };
      return (await fetch(address, text === null ? {} : post)).json() as Promise<unknown>;
    },
    [path, body && JSON.stringify(body)] as const,
  );
}

/** A fresh invitation code for the demo person of a field role: what a team lead's QR holds. */
export async function invitationOf(page: Page, role: Role): Promise<string> {
  const entry = entryAnswerSchema.parse(await ask(page, '/api/entry', null));
  const person = entry.demo?.people.find((one) => one.role === role)?.person;
  const entered = demoEnterAnswerSchema.parse(await ask(page, '/api/demo/enter', { person }));
  if (entered.is !== 'enrol') throw new Error(`${role} enrols no phone`);
  return entered.code;
}
