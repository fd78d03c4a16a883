/**
 * The battery: `npm run test:faults -- [--stage NAME]… [--seed N] [--count N]`. Prints what it did and what it found; ends
 * with 1 where anything does not hold. The seed is the day's unless given; with the same one the same cases come.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { inProcess } from './kit/processes.ts';
import type { StageResult } from './kit/stage.ts';
import { STAGES, type StageName } from './stages/all.ts';
import { fuzz } from './stages/fuzz.ts';
import { kill } from './stages/kill.ts';
import { teeth } from './stages/teeth.ts';

const { values } = parseArgs({
  options: {
    stage: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: new Date().toISOString().slice(0, 10).replaceAll('-', '') },
    count: { type: 'string' },
  },
});
const seed = Number(values.seed);
const count = values.count === undefined ? undefined : Number(values.count);
const parallel = Math.max(1, Math.min(2, os.availableParallelism()));

/** A stage in as many processes as there are cores, each with a part of the cases and a seed of its own. */
async function shared(name: StageName): Promise<StageResult> {
  const each = Math.ceil((count ?? STAGES[name].count) / parallel);
  const results = await Promise.all(
    Array.from({ length: parallel }, (_, shard) => inProcess(name, { seed: seed + shard, count: each })),
  );
  const [first] = results;
  if (first === undefined) throw new Error('no process ran');
  const keys = Object.keys(first.counts);
  return {
    name: first.name,
    counts: Object.fromEntries(keys.map((key) => [key, results.reduce((sum, one) => sum + (one.counts[key] ?? 0), 0)])),
    failure: results.map(({ failure }) => failure).find((failure) => failure !== null) ?? null,
  };
}

const stages: Readonly<Record<string, () => Promise<StageResult>>> = {
  random: () => shared('random'),
  crash: () => shared('crash'),
  faults: () => shared('faults'),
  together: () => shared('together'),
  kill: () => kill({ seed, count: count ?? 20 }),
  teeth: () => teeth({ seed, count: count ?? Infinity, parallel }),
  fuzz: () => fuzz({ seed, count: count ?? 60_000 }),
};

const chosen = values.stage.length === 0 ? Object.keys(stages) : values.stage;
console.log(`seed ${String(seed)}, Node ${process.versions.node}, ${String(parallel)} processes`);
for (const name of chosen) {
  const stage = stages[name];
  if (stage === undefined) throw new Error(`no stage ${name}: there are ${Object.keys(stages).join(', ')}`);
  const from = performance.now();
  const { name: title, counts, failure } = await stage();
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  const did = Object.entries(counts)
    .map(([what, n]) => `${n.toLocaleString('en')} ${what}`)
    .join(', ');
  console.log(`${failure === null ? 'holds ' : 'FAILS '} ${title}: ${did}; ${seconds} s`);
  if (failure !== null) {
    console.log(failure);
    process.exitCode = 1;
  }
}
