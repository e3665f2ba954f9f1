import { writeFileSync } from 'node:fs';
import { SYNC_CONTENT_TYPE } from '../../src/lib/protocol/version.ts';
import type { AppContext } from '../../src/lib/server/app-context.ts';
import { wireDevice, type WireDevice } from './ward-devices.ts';
import type { WardFloor } from './ward-floor.ts';
import {
  benchContext,
  type BenchPerson,
  type BenchWard,
  invite,
  newPerson,
  newWard,
  seedVisits,
} from './ward-people.ts';

export interface Stats {
  readonly requests: number;
  /** Bytes at the server's sockets. */
  readonly up: number;
  readonly down: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

export interface StormWanted {
  /** Begins the names of its wards. */
  readonly tag: string;
  readonly wards: number;
  /** In each ward. */
  readonly teams: number;
  readonly devices: number;
  readonly visits: number;
  /** Where the rounds are written for the storm's client. */
  readonly file: string;
}

/** What the bench may ask of the ward beside its addresses. */
export interface WardCalls {
  stats(): Promise<Stats>;
  /** A new phone's invitation; in a ward of its own, or in one that was seeded. */
  invitation(ward: string): Promise<string>;
  /** Visits brought by somebody else of the ward's team, and the same as plain rows of the floor. */
  seed(ward: string, count: number, from: number, withFloor: boolean): Promise<void>;
  /** Rounds of that many devices over that many wards, written for the storm's client. */
  storm(wanted: StormWanted): Promise<void>;
  stored(ward: string): Promise<number>;
  clearFloor(): Promise<void>;
}

interface Made {
  readonly ward: BenchWard;
  readonly author: BenchPerson;
}

export async function wardCalls(
  app: AppContext,
  floor: WardFloor,
  traffic: () => Pick<Stats, 'requests' | 'up' | 'down'>,
): Promise<WardCalls> {
  const context = await benchContext(app);
  const wards = new Map<string, Promise<Made>>();
  const made = (name: string): Promise<Made> => {
    const standing = wards.get(name);
    if (standing !== undefined) return standing;
    const making = newWard(context, name).then(async (ward) => ({
      ward,
      author: await newPerson(context, ward),
    }));
    wards.set(name, making);
    return making;
  };
  return {
    stats: () => {
      const cpu = process.cpuUsage();
      const cpuMs = (cpu.user + cpu.system) / 1000;
      return Promise.resolve({ ...traffic(), cpuMs, rssMb: process.memoryUsage().rss / 1_048_576 });
    },
    invitation: async (name) =>
      invite(context, await newPerson(context, (await made(name)).ward, 0, 'team_lead')),
    seed: async (name, count, from, withFloor) => {
      const { author } = await made(name);
      await seedVisits(context, author, count, from);
      if (withFloor) await floor.copyRows(name);
    },
    storm: async ({ tag, wards: count, teams, devices, visits, file }) => {
      const places: BenchWard[] = [];
      for (let at = 0; at < count; at++) places.push(await newWard(context, `${tag}-${at}`, teams));
      const lines: string[] = [];
      for (let at = 0; at < devices; at++) {
        const ward = places[at % count];
        if (ward === undefined) throw new Error('no ward');
        const person = await newPerson(context, ward, Math.floor(at / count));
        lines.push(lineOf(await wireDevice(context, person, visits)));
      }
      writeFileSync(file, lines.join('\n'));
    },
    stored: async (name) => {
      const [row] = await app.database.pool.begin(async (tx) => {
        await tx`select set_config('role', 'xks_app', true), set_config('app.wards', ${name}, true)`;
        return tx<{ count: number }[]>`select count(*)::integer as count from assist where ward_id = ${name}`;
      });
      return row?.count ?? 0;
    },
    clearFloor: () => floor.clear(),
  };
}

function lineOf({ token, cookie, request }: WireDevice): string {
  const { up, ...rest } = request;
  return JSON.stringify({ type: SYNC_CONTENT_TYPE, token, cookie, up, rest });
}
