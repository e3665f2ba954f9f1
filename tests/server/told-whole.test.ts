import { expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import { WARD } from '../support/sync-ward.ts';

it('I6 what was judged later is told whole, however much it is: 1,500 of one commit, 600 of the next, and one more', async () => {
  const db = await testDatabase();
  const server = await postgresServer(db, 5);
  await server.foundWard(WARD);
  const ann = await server.phone(await server.person(WARD));
  for (let at = 0; at < 3; at++) {
    await ann.save(server.make.log(ann.identity));
    await ann.round({ down: false });
  }
  const commits = await db.superuser.pool<{ version: number }[]>`
    select version from commit_mark where ward_id = ${WARD} order by version`;
  // As when a leader, a release or a mend settles many at once: each commit has left this many of hers final.
  const { person, replica } = ann.identity;
  for (const [at, count] of [1500, 600, 1].entries())
    await db.superuser.pool`
      insert into mutation (ward_id, mutation_id, replica_id, seq, person_id, kind, plain, hash, outcome, commit_version, epoch, resettled_version)
      select ward_id, gen_random_uuid(), ${server.make.id()}, n, person_id, kind, plain, hash, outcome, commit_version, epoch, ${commits[at]?.version ?? 0}
      from mutation, generate_series(1, ${count}::int) n
      where ward_id = ${WARD} and person_id = ${person} and replica_id = ${replica} and seq = 1`;

  const phone = await server.phone(await server.enrolAgain(ann.identity));
  const heard = new Set<string>();
  const steps: [number, boolean][] = [];
  do {
    const answer = await phone.round({ down: false });
    for (const { id } of answer.resettled) heard.add(id);
    steps.push([answer.resettled.length, answer.settledAll]);
  } while (steps.at(-1)?.[1] === false && steps.length < 9);
  expect(steps).toEqual([
    [2100, false],
    [1, true],
  ]);
  expect(heard.size).toBe(2101);
  expect((await phone.round({ down: false })).resettled).toEqual([]);
});
