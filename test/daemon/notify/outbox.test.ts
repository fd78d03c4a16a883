import { expect, test } from 'vitest';
import { NOTHING_EARLIER, type Message } from '../../../src/daemon/notify/message.ts';
import { openOutbox, type Outbox, type Sent } from '../../../src/daemon/notify/outbox.ts';
import { virtualClock } from '../../providers/virtual-clock.ts';
import { KEY } from '../history/runs.ts';

function message(run: number): Message {
  const items = [{ address: KEY, kind: 'setting', action: 'update', note: 'differs', fields: ['value'] }];
  return {
    id: `s-${run}`,
    tool: '0',
    at: 0,
    run,
    mode: 'apply',
    target: null,
    notices: [{ rule: 'drift', message: 'it differs', detail: null, items }],
    earlier: NOTHING_EARLIER,
  };
}

interface Bench {
  readonly outbox: Outbox;
  readonly clock: ReturnType<typeof virtualClock>;
  /** `second: run (messages summed up)` of each try. */
  readonly tries: readonly string[];
  readonly ends: readonly string[];
}

function bench(replies: (attempt: number) => Sent | 'never', part: { readonly perMinute?: number } = {}): Bench {
  const clock = virtualClock();
  const tries: string[] = [];
  const ends: string[] = [];
  const outbox = openOutbox({
    clock,
    chance: () => 0.5,
    perMinute: part.perMinute ?? 6,
    async send({ run, earlier }, signal) {
      tries.push(`${Math.round(clock.monotonic() / 1000)}: ${run} (${earlier.messages})`);
      const reply = replies(tries.length);
      if (reply !== 'never') return reply;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { type: 'again', why: 'given up', afterMs: null };
    },
    onSent: ({ run }) => void ends.push(`sent ${run}`),
    onFailed: ({ run }, why, attempts) => void ends.push(`failed ${run} after ${attempts}: ${why}`),
    onSummedUp: ({ run }) => void ends.push(`summed up ${run}`),
  });
  return { outbox, clock, tries, ends };
}

const again: Sent = { type: 'again', why: 'the receiver answered 503', afterMs: null };

async function settled({ clock, outbox }: Bench): Promise<void> {
  // Longer than any of its waits together.
  for (let minute = 0; minute < 30; minute++) await clock.sleep(60_000);
  expect(outbox.waiting()).toBe(0);
}

test('tries again after 1, 2, 4 … seconds, half of them by chance, six times in all', async () => {
  const on = bench(() => again);
  on.outbox.put(message(1));
  await settled(on);
  expect(on.tries).toEqual(['0: 1 (0)', '1: 1 (0)', '2: 1 (0)', '4: 1 (0)', '8: 1 (0)', '16: 1 (0)']);
  expect(on.ends).toEqual(['failed 1 after 6: the receiver answered 503']);
});

test('a refusal is not tried again; a receiver that asks for time is given it, not for ever', async () => {
  const refused = bench(() => ({ type: 'refused', why: 'the receiver answered 404' }));
  refused.outbox.put(message(1));
  await settled(refused);
  expect(refused.ends).toEqual(['failed 1 after 1: the receiver answered 404']);
  const asked = bench((attempt) => (attempt === 1 ? { ...again, afterMs: 40_000 } : { type: 'sent' }));
  asked.outbox.put(message(1));
  await settled(asked);
  expect(asked.tries).toEqual(['0: 1 (0)', '40: 1 (0)']);
  const forever = bench(() => ({ ...again, afterMs: 86_400_000 }));
  forever.outbox.put(message(1));
  await settled(forever);
  expect(forever.tries).toHaveLength(1);
});

test('over the rate, what piles up is one message: the newest, and a sum of the others', async () => {
  const on = bench(() => ({ type: 'sent' }), { perMinute: 2 });
  for (let run = 1; run <= 30; run++) {
    on.outbox.put(message(run));
    await on.clock.sleep(1_000);
  }
  await settled(on);
  expect(on.tries).toEqual(['0: 1 (0)', '1: 2 (0)', '60: 30 (27)']);
  const told = on.ends.filter((end) => end.startsWith('summed up'));
  expect(told).toHaveLength(27);
});

test('at the end what waits is sent at once, in one message, and what cannot be is lost in time', async () => {
  const quick = bench(() => ({ type: 'sent' }), { perMinute: 1 });
  for (let run = 1; run <= 4; run++) quick.outbox.put(message(run));
  await quick.outbox.close(5_000);
  expect([quick.tries, quick.clock.monotonic()]).toEqual([['0: 1 (0)', '0: 4 (2)'], 0]);

  const stuck = bench(() => 'never');
  stuck.outbox.put(message(1));
  await stuck.clock.sleep(1);
  stuck.outbox.put(message(2));
  await stuck.outbox.close(5_000);
  expect(stuck.clock.monotonic()).toBeLessThanOrEqual(5_001);
  expect(stuck.ends).toEqual(['failed 1 after 1: given up', 'failed 2 after 0: the process ended before it was sent']);
  stuck.outbox.put(message(3));
  expect(stuck.outbox.waiting()).toBe(0);
});
