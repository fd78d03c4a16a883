import type { Stage } from '../kit/stage.ts';
import { crash } from './crash.ts';
import { faults } from './faults.ts';
import { random } from './random.ts';
import { together } from './together.ts';

/** The stages in this process, and how much of each makes a whole battery. */
export const STAGES = {
  random: { run: random, count: 2_000 },
  crash: { run: crash, count: 200 },
  faults: { run: faults, count: 200 },
  together: { run: together, count: 500 },
} as const satisfies Record<string, { readonly run: Stage; readonly count: number }>;

export type StageName = keyof typeof STAGES;
