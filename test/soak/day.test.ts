// A day of the daemon in seconds: one request in a hundred goes wrong, and somebody changes things by hand all the time.
// The same estate, judge and faults as `npm run soak`, on a clock that jumps.
import { expect, test } from 'vitest';
import { randomOf } from '../faults/kit/random.ts';
import { forHours, HOUR, MINUTE } from '../watch/hours.ts';
import { differences, documentOf, human, pathOf, SEED } from './estate.ts';
import { refereed, type Refereed } from './referee.ts';
import { EFFECTS } from './weather.ts';

const RANDOM_SEED = 20261121;
const INTERVAL = 5 * MINUTE;
/** A reading of each variable per interval and its slack, then what failed rests and is tried again. */
const HEALED_WITHIN = 1.25 * INTERVAL + MINUTE;

test('24 hours with faults and drift: no wrong write, everything healed in time, nothing of others lost', async () => {
  const random = randomOf(RANDOM_SEED);
  let judge: Refereed | null = null;
  const between = (inner: Parameters<typeof refereed>[0]): Refereed['platform'] => {
    judge = refereed(inner);
    return judge.platform;
  };
  const options = { state: documentOf(), seed: SEED, between, latency: () => 20 + 180 * random() };
  await forHours(options, async ({ clock, network, platform, rounds, until }) => {
    let faults = 0;
    network.rule = () => {
      if (random() >= 0.01) return null;
      faults += 1;
      return EFFECTS[Math.floor(random() * EFFECTS.length)] ?? null;
    };
    const somebody = human(platform, RANDOM_SEED);
    const since = new Map<string, number>();
    let longest = 0;
    let deeds = 0;
    await until(INTERVAL);
    for (let next = INTERVAL; next < 24 * HOUR;) {
      next += MINUTE;
      await until(next);
      const differing = new Set(differences(platform));
      for (const what of since.keys()) if (!differing.has(what)) since.delete(what);
      for (const what of differing) {
        const first = since.get(what) ?? next;
        since.set(what, first);
        longest = Math.max(longest, next - first);
      }
      if (random() >= 0.3) continue;
      somebody.act();
      deeds += 1;
    }
    network.rule = () => null;
    await until(clock.monotonic() + 2 * INTERVAL);
    const own = new Map([...platform.world.deployments.values()].map((one) => [pathOf(one), one.env]));
    const lost = [...somebody.theirs].filter(([where, value]) => {
      const [at = '', name = ''] = where.split(' ');
      return own.get(at)?.get(name) !== value;
    });
    expect({ violations: judge?.violations, left: differences(platform), lost }).toEqual({
      violations: [],
      left: [],
      lost: [],
    });
    expect(longest).toBeLessThanOrEqual(HEALED_WITHIN);
    expect([deeds > 300, faults > 30, rounds.length > 288, (judge?.writes() ?? 0) > 200]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(rounds.at(-1)).toMatchObject({ result: 'done', outcomes: [] });
  });
}, 120_000);
