// `npm run bench:watch [-- MINUTES [DEPLOYMENTS [WATCH OPTIONS…]]]`: the daemon's steady state. The sandbox runs in this
// process and the real `converge watch` in another: what it is predicted to ask for, what it asked for, its processor
// time and its memory.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxSeed } from '../src/sandbox/seed.ts';
import { startSandbox } from '../src/sandbox/server.ts';
import { fleet } from './fleet.ts';

const [minutes = '10', deployments = '300', ...further] = process.argv.slice(2);
const WARM_UP_MS = 60_000;
const windowMs = Number(minutes) * 60_000;
const VARIABLES = 20;

const { seed, documents } = fleet({ projects: 10, deployments: Number(deployments), variables: VARIABLES });
const folder = await mkdtemp(join(tmpdir(), 'converge-bench-'));
for (const [name, text] of Object.entries(documents)) await writeFile(join(folder, name), text);
const sandbox = await startSandbox({ seed: seed as SandboxSeed, latencyMs: 20 });
const main = join(import.meta.dirname, '../dist/cli/main.js');
const child = spawn(process.execPath, [main, 'watch', '--apply', '--listen', '127.0.0.1:0', ...further], {
  cwd: folder,
  env: {
    PATH: process.env['PATH'],
    // As the image sets it, or not.
    MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'],
    CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-bench',
    CONVEX_PROVISION_HOST: sandbox.url,
  },
  stdio: ['ignore', 'ignore', 'pipe'],
});
try {
  const url = await started();
  console.log(`${deployments} deployments of ${VARIABLES} variables, ${further.join(' ') || 'default options'}`);
  await sleep(WARM_UP_MS);
  sandbox.clearLog();
  const before = await figures(url);
  let most = 0;
  const from = performance.now();
  while (performance.now() - from < windowMs) {
    await sleep(Math.min(5_000, windowMs));
    most = Math.max(most, (await figures(url)).residentBytes);
  }
  const after = await figures(url);
  const hours = (performance.now() - from) / 3_600_000;
  const { cost } = (await (await fetch(`${url}/api/status`)).json()) as { readonly cost: Record<string, number> };
  const of = (part: string): number => cost[part] ?? Number.NaN;
  const steady = of('requestsPerHour') - of('full');
  const asked = sandbox.log.length;
  console.log(`  predicted  ${of('requestsPerHour')} requests per hour (${JSON.stringify(cost)})`);
  console.log(`  asked      ${asked} in ${minutes} min; predicted without full readings ${Math.round(steady * hours)}`);
  console.log(`  CPU        ${((after.cpuSeconds - before.cpuSeconds) / (hours * 36)).toFixed(2)} % of a core`);
  console.log(`  resident   ${mebibytes(after.residentBytes)} MiB at the end, ${mebibytes(most)} MiB at most`);
} finally {
  child.kill('SIGKILL');
  await sandbox.close();
  await rm(folder, { recursive: true });
}

/** Resolves with its address once the first run has ended. */
async function started(): Promise<string> {
  let url = '';
  for await (const line of createInterface({ input: child.stderr })) {
    const { msg, ...fields } = JSON.parse(line) as { readonly msg: string; readonly url?: string };
    if (fields.url !== undefined) url = fields.url;
    if (msg === 'run ended') {
      child.stderr.resume();
      return url;
    }
  }
  throw new Error('the daemon ended');
}

async function figures(url: string): Promise<{ readonly residentBytes: number; readonly cpuSeconds: number }> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(page)?.[1]);
  return {
    residentBytes: value('process_resident_memory_bytes'),
    cpuSeconds: value('process_cpu_seconds_total'),
  };
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
