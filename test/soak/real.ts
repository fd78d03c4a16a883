// `npm run soak -- [--minutes N] [--seed N]`: the real daemon as it is published, as a process, on a platform over TCP where one request in
// a hundred goes wrong and somebody changes things by hand all the time. Every write is judged; what it holds is measured.
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { plantSeed } from '../../src/sandbox/plant.ts';
import { createPlatform, createWorld } from '../../src/sandbox/platform/platform.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startCli } from '../cli/support/spawn-cli.ts';
import { followWatch, runEnded } from '../cli/support/watch-process.ts';
import { differences, documentOf, human, pathOf, SEED } from './estate.ts';
import { refereed } from './referee.ts';
import { openVitals, slopePerHour, type Alive, type Vitals } from './vitals.ts';
import { weather } from './weather.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string', default: '20261121' },
    schedule: { type: 'string', default: '*/20 * * * * *' },
    /** Seconds between two deeds by hand. */
    every: { type: 'string', default: '3' },
    /** Minutes in which runs follow each other before figures count: what V8 compiles grows for some thousand runs. */
    'warm-up': { type: 'string', default: '10' },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const warmUp = Number(values['warm-up']);
/** Between two deeds of the warm-up, each with a run. */
const WARM_UP_MS = 250;
const SAMPLE_MS = 5_000;
const ALIVE_MS = 120_000;
const MOST_SLOPE = 1_000_000;

const world = createWorld({ clock: Date.now, randomSeed: seed });
plantSeed(world, SEED);
const inner = createPlatform(world);
const { platform, violations, writes } = refereed(inner);
const sandbox = await startSandbox({ platform, latencyMs: 20, logLimit: 1_000 });
const folder = await mkdtemp(path.join(os.tmpdir(), 'converge-soak-'));
await writeFile(path.join(folder, 'convex.state.yaml'), documentOf());
const args = [
  'watch',
  '--apply',
  '--schedule',
  values.schedule,
  '--listen',
  '127.0.0.1:0',
  '--timeout',
  '2s',
  '--rate',
  '200',
];
const running = startCli(args, {
  cwd: folder,
  env: { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-soak', CONVEX_PROVISION_HOST: sandbox.url },
  nodeArgs: ['--inspect=127.0.0.1:0'],
  main: path.join(import.meta.dirname, '../../dist/cli/main.js'),
});
const inspector = new Promise<string>((resolve) => {
  running.child.stderr.on('data', (text: string) => {
    const url = /ws:\/\/\S+/.exec(text)?.[0];
    if (url !== undefined) resolve(url);
  });
});
try {
  const daemon = await followWatch(running);
  const vitals = await openVitals(running.child.pid as number, await inspector);
  await daemon.next(runEnded({ result: 'done' }));
  sandbox.setFaults(weather(seed, { share: 0.01, requests: Math.ceil((minutes + warmUp) * 60 * 40) }));
  const somebody = human(inner, seed);
  let deeds = 0;
  for (const begun = performance.now(); performance.now() - begun < warmUp * 60_000;) {
    await sleep(WARM_UP_MS);
    somebody.act();
    deeds += 1;
    daemon.signal('SIGHUP');
  }
  const from = performance.now();
  const samples: (Vitals & { readonly at: number })[] = [];
  const alive: (Alive & { readonly at: number })[] = [{ at: performance.now(), ...(await vitals.alive()) }];
  let acted = from;
  while (performance.now() - from < minutes * 60_000) {
    await sleep(Math.min(SAMPLE_MS, Number(values.every) * 1000));
    if (running.child.exitCode !== null) throw new Error(`it ended: ${(await running.result).stderr.slice(-2000)}`);
    for (; performance.now() - acted >= Number(values.every) * 1000; acted += Number(values.every) * 1000) {
      somebody.act();
      deeds += 1;
    }
    if (performance.now() - (samples.at(-1)?.at ?? 0) >= SAMPLE_MS)
      samples.push({ at: performance.now(), ...(await vitals.read()) });
    if (performance.now() - (alive.at(-1)?.at ?? 0) >= ALIVE_MS)
      alive.push({ at: performance.now(), ...(await vitals.alive()) });
  }
  sandbox.setFaults([]);
  // What still rests after a failure is healed within the longest rest.
  const ended = performance.now();
  const isWell = async (): Promise<boolean> =>
    differences(inner).length === 0 && (await daemon.status())['sync'] === 'in-sync';
  while (!(await isWell()) && performance.now() - ended < 330_000) await sleep(500);
  const left = differences(inner);
  const lost = [...somebody.theirs].filter(([where, value]) => {
    const [at = '', name = ''] = where.split(' ');
    const live = [...inner.world.deployments.values()].find((one) => pathOf(one) === at);
    return live?.env.get(name) !== value;
  });
  vitals.close();
  const status = await daemon.status();
  running.child.kill('SIGTERM');
  const { code } = await running.result;

  const slopeOf = (of: (one: Alive) => number): number =>
    slopePerHour(alive.map((one) => ({ at: one.at, value: of(one) })));
  const slope = slopePerHour(samples.map(({ at, liveBytes }) => ({ at, value: liveBytes })));
  const kept = slopeOf(({ keptBytes }) => keptBytes);
  const compiled = slopeOf(({ compiledBytes }) => compiledBytes);
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) throw new Error('too short to measure');
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const range = (of: (sample: Vitals) => number): readonly [number, number] => [
    Math.min(...samples.map(of)),
    Math.max(...samples.map(of)),
  ];
  const [fewest, most] = range(({ descriptors }) => descriptors);
  const cpu = (last.cpuSeconds - first.cpuSeconds) / ((last.at - first.at) / 1000);
  const rounds = daemon.lines.filter(({ msg }) => msg === 'run ended');
  const results = Map.groupBy(rounds, ({ result }) => String(result));
  console.log(
    `seed ${values.seed}, Node ${process.versions.node}, ${values.minutes} minutes, schedule ${values.schedule}`,
  );
  console.log(
    `${deeds} deeds by hand, ${rounds.length} runs (${[...results].map(([result, { length }]) => `${result} ${length}`).join(', ')}), ${writes()} writes, ${violations.length} wrong ones, ${left.length} differences left, ${lost.length} things of others lost`,
  );
  console.log(
    `alive ${mb(first.liveBytes)} → ${mb(last.liveBytes)} MB, slope ${mb(slope)} MB/h, of what the program keeps ${mb(kept)} MB/h, of compiled code ${mb(compiled)} MB/h; resident ${range(
      ({ residentBytes }) => residentBytes,
    )
      .map(mb)
      .join(' to ')} MB; descriptors ${fewest} to ${most}; CPU ${(100 * cpu).toFixed(2)} %`,
  );
  const failures = [
    ...violations.slice(0, 10),
    ...left,
    ...lost.map(([where]) => `lost: ${where}`),
    ...(slope < MOST_SLOPE ? [] : [`memory grows by ${mb(slope)} MB/h`]),
    ...(last.descriptors <= first.descriptors + 5
      ? []
      : [`descriptors: ${first.descriptors}, then ${last.descriptors}`]),
    ...(status['sync'] === 'in-sync' ? [] : [`it says ${String(status['sync'])} at the end`]),
    ...(code === 0 ? [] : [`it ended with ${String(code)}`]),
  ];
  for (const failure of failures) console.log(`FAILS  ${failure}`);
  if (failures.length === 0) console.log('holds');
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  running.child.kill('SIGKILL');
  await sandbox.close();
  await rm(folder, { recursive: true });
}
