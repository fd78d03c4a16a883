import { instantOf } from '../model/instant.ts';
import type { World } from './world.ts';

/** When what the plans say of pauses and windows is first out of date, milliseconds since epoch; null: not by itself. */
export function turningPoint(...plans: readonly Pick<World, 'made' | 'windows'>[]): number | null {
  const times = plans.flatMap(({ made, windows }) => {
    const expiries = (made.plan.paused ?? []).map(({ expires }) => instantOf(expires));
    const isClosed = made.plan.refusals.some(({ rule }) => rule === 'window');
    return [...expiries, ...(isClosed ? windows.flatMap(({ opensAt }) => opensAt ?? []) : [])];
  });
  return times.length === 0 ? null : Math.min(...times);
}
