import type { APIRequestContext } from '@playwright/test';
import type { Role } from '../../../src/lib/domain/people/roles.ts';
import { demoEnterAnswerSchema, entryAnswerSchema } from '../../../src/lib/protocol/enrol.ts';

/** A fresh invitation code for the demo person of a field role: what a team lead's QR holds. */
export async function invitationOf(request: APIRequestContext, origin: string, role: Role): Promise<string> {
  const entry = entryAnswerSchema.parse(await (await request.get(`${origin}/api/entry`)).json());
  const person = entry.demo?.people.find((one) => one.role === role)?.person;
  const answer = await request.post(`${origin}/api/demo/enter`, { data: { person }, headers: { origin } });
  const entered = demoEnterAnswerSchema.parse(await answer.json());
  if (entered.is !== 'enrol') throw new Error(`${role} enrols no phone`);
  return entered.code;
}
