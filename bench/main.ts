// `npm run bench`: what a run costs, against the sandbox in a process of its own. Every line says the command, the
// requests against the formula, and the wall, CPU and memory of the process that planned or applied.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SandboxSeed } from '../src/sandbox/seed.ts';
import { startSandbox } from '../src/sandbox/server.ts';
import { fleet, governedFleet, type Fleet } from './fleet.ts';

const run = promisify(execFile);
const RUNS = 5;

interface Measured {
  readonly reads: number;
  readonly writes: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
}

const scratch = await mkdtemp(join(tmpdir(), 'converge-bench-'));
try {
  const thousand = fleet({ projects: 10, deployments: 50, variables: 20 });
  const governed = governedFleet({ selected: 10_000, declared: 300, variables: 5 });
  const one = fleet({ projects: 1, deployments: 1, variables: 20 });
  console.log(`Node ${process.versions.node}; median of ${RUNS} runs; the sandbox runs in the parent process\n`);
  await bench('plan, 1,000 variables over 50 deployments, 20 ms latency, --rate 500', thousand, {
    command: 'plan',
    latencyMs: 20,
    rate: 500,
  });
  await bench('apply and proof of the same, 50 deployments differ', thousand, {
    command: 'apply',
    latencyMs: 20,
    rate: 500,
  });
  await bench(
    'plan, 10,000 deployments by one selector, 300 in 30 files, 5 variables each, --rate 5000, 1 run',
    governed,
    {
      command: 'plan',
      latencyMs: 0,
      rate: 5000,
      runs: 1,
    },
  );
  await bench('plan of one deployment, 20 ms latency', one, { command: 'plan', latencyMs: 20, rate: 20 });
} finally {
  await rm(scratch, { recursive: true });
}

async function bench(
  title: string,
  { seed, documents, reads }: Fleet,
  how: {
    readonly command: 'plan' | 'apply';
    readonly latencyMs: number;
    readonly rate: number;
    readonly runs?: number;
  },
): Promise<void> {
  const folder = await mkdtemp(join(scratch, 'files-'));
  for (const [name, text] of Object.entries(documents)) await writeFile(join(folder, name), text);
  const all: Measured[] = [];
  for (let index = 0; index < (how.runs ?? RUNS); index++) {
    const sandbox = await startSandbox({ seed: seed as SandboxSeed, latencyMs: how.latencyMs });
    const args = [join(import.meta.dirname, 'measure.ts'), how.command, folder, sandbox.url, String(how.rate)];
    const { stdout } = await run(process.execPath, args);
    await sandbox.close();
    all.push(JSON.parse(stdout) as Measured);
  }
  const median = (of: (measured: Measured) => number): number =>
    all.map(of).sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN;
  // An apply reads what each write stands on once more before it, and everything again as proof.
  const expected = how.command === 'plan' ? reads : 2 * reads - 1 + median(({ writes }) => writes);
  console.log(title);
  console.log(
    `  requests  ${median(({ reads: r }) => r)} reads (formula: ${expected}), ${median(({ writes }) => writes)} writes`,
  );
  console.log(`  wall      ${median(({ wallMs }) => wallMs)} ms`);
  console.log(`  CPU       ${median(({ cpuMs }) => cpuMs)} ms`);
  console.log(`  peak      ${median(({ peakMiB }) => peakMiB)} MiB resident\n`);
}
