import type { PersonId } from '../../domain/record/ids.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { DeviceStore } from './device-store.ts';
import { mendClock, type PinTurn, pinTurn } from './pin-attempts.ts';

interface TurnPorts {
  readonly device: DeviceStore;
  readonly clock: Clock;
}

/** Whether a PIN may be tried for this account, and if not, how long. Null: no vault here. */
export async function turnOf(ports: TurnPorts, person: PersonId): Promise<PinTurn | null> {
  const now = ports.clock.now();
  const record = await ports.device.changeVault(person, (standing) => {
    const attempts = mendClock(standing.attempts, now);
    return attempts === standing.attempts ? standing : { ...standing, attempts };
  });
  return record && pinTurn(record.attempts, now);
}
