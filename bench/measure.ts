// Runs one plan or apply in this process and prints what it took, as one line of JSON. Started by main.ts, so that
// the sandbox's time and memory are not counted.
import { setTimeout as sleep } from 'node:timers/promises';
import { apply, plan } from '../src/compose.ts';
import type { Effects, Settings } from '../src/compose/contract.ts';

const [command, folder, apiUrl, rate] = process.argv.slice(2);
if (folder === undefined || apiUrl === undefined) throw new Error('measure.ts COMMAND FOLDER API-URL RATE');

const settings: Settings = {
  files: [folder],
  apiUrl: `${apiUrl}/v1`,
  dialect: 'official',
  tokenFile: null,
  allowHosts: [],
  caFile: null,
  allowPaths: [],
  allowEnv: null,
  allowExec: false,
  rate: Number(rate),
  concurrency: 64,
  maxRequests: null,
  timeoutMs: 30_000,
  scope: { target: [], exclude: [] },
  warningsAsErrors: false,
  suppress: [],
  allowUnresolved: false,
};
const effects: Effects = {
  env: { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-bench' },
  cwd: process.cwd(),
  clock: { now: Date.now, monotonic: () => performance.now(), sleep: (ms, signal) => sleep(ms, undefined, { signal }) },
  chance: Math.random,
  onEvent: () => undefined,
  version: '0.0.0',
};
const consent = { allowDelete: [], confirm: [], maxDeletePercent: null };
const never = new AbortController().signal;

const cpu = process.cpuUsage();
const start = performance.now();
const requests = await run();
const wallMs = performance.now() - start;
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    ...requests,
    wallMs: Math.round(wallMs),
    cpuMs: Math.round((used.user + used.system) / 1000),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);

async function run(): Promise<{ readonly reads: number; readonly writes: number }> {
  if (command === 'apply') {
    const applied = await apply(settings, effects, {
      consent,
      saved: null,
      waitMs: 0,
      approve: async () => ({ approved: true, confirmed: [] }),
      drain: never,
      abort: never,
      interruptedBy: () => null,
    });
    if (applied.type !== 'applied' || applied.report.proof?.converged !== true)
      throw new Error(`apply ended as ${applied.type}`);
    return applied.report.requests;
  }
  const planned = await plan(settings, effects, { consent, signal: never });
  if (planned.type !== 'planned') throw new Error(JSON.stringify(planned.diagnostics));
  return { reads: planned.plan.requests.read, writes: 0 };
}
