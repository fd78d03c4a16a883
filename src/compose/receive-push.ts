import { createHash } from 'node:crypto';
import type { Hook } from '../daemon/hook.ts';
import type { Moved, Push, PushSecret } from '../model/hints.ts';
import type { Clock } from '../model/ports.ts';

/** Somebody who repeats a delivery within the time that it is taken in tells us nothing new. */
const MOST_REMEMBERED = 1_000;

/** Takes deliveries in: judged by the secrets of now, each of them once. `onMoved` is told what they are about. */
export function receivePush(
  push: Push,
  options: {
    readonly clock: Clock;
    /** Throws where they cannot be read. */
    readonly secrets: () => Promise<readonly PushSecret[]>;
    readonly onMoved: (moved: readonly Moved[]) => void;
  },
): Hook {
  const seen = new Set<string>();
  return async (delivery) => {
    let secrets: readonly PushSecret[];
    try {
      secrets = await options.secrets();
    } catch {
      return 'unusable';
    }
    const received = push.receive(delivery, secrets, options.clock.now());
    if (received.type === 'refused') return 'refused';
    const digest = createHash('sha256').update(delivery.body).digest('base64');
    if (seen.has(digest)) return 'taken';
    seen.add(digest);
    const [oldest] = seen;
    if (seen.size > MOST_REMEMBERED && oldest !== undefined) seen.delete(oldest);
    if (received.moved.length > 0) options.onMoved(received.moved);
    return 'taken';
  };
}
