import { instantOf } from '../model/instant.ts';
import type { World } from './world.ts';

/** When what the plan says of pauses and windows is next out of date, milliseconds since epoch; null: not by itself. */
export function turningPoint({ made, windows }: Pick<World, 'made' | 'windows'>): number | null {
  const expiries = (made.plan.paused ?? []).map(({ expires }) => instantOf(expires));
  const openings = made.plan.refusals.some(({ rule }) => rule === 'window')
    ? windows.map(({ opensAt }) => opensAt).filter((at) => at !== null)
    : [];
  const times = [...expiries, ...openings];
  return times.length === 0 ? null : Math.min(...times);
}
