// `npm run bench:rate`: what the limiter reaches over real HTTP, against the sandbox in a process of its own. Three
// rates over half a minute with 20 to 200 ms latency (lognormal); then the same where the platform takes only half of
// the rate and the client is not told. Figures are of the sandbox's log, so of when it saw requests: where it stood still
// for longer than the 25 ms that the limiter allows for, it sees more at once than were sent.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { startSandbox } from '../src/sandbox/server.ts';

const run = promisify(execFile);
const stalls = monitorEventLoopDelay({ resolution: 2 });
stalls.enable();
const SECONDS = Number(process.argv[2] ?? 30);
const RATES = [10, 50, 200];

console.log(
  `Node ${process.versions.node}; ${SECONDS} s each; 20 to 200 ms latency; the sandbox runs in the parent process\n`,
);
for (const rate of RATES) {
  const { sent, arrivals } = await measure(rate);
  const achieved = (arrivals.length / SECONDS / rate).toFixed(3);
  const most = `${mostInASecond(sent)} sent and ${mostInASecond(arrivals)} seen in any sliding second at most`;
  console.log(`${rate}/s: ${achieved} of it reached; ${most}${stood()}`);
}
for (const rate of RATES) {
  const hidden = rate / 2;
  const { arrivals, refused } = await measure(rate, hidden);
  const goodput = ((arrivals.length - refused) / SECONDS / hidden).toFixed(3);
  const share = ((100 * refused) / arrivals.length).toFixed(2);
  console.log(
    `${rate}/s where ${hidden}/s are taken: goodput ${goodput} of those, 429: ${refused} of ${arrivals.length} (${share} %)${stood()}`,
  );
}

interface Measured {
  /** When the client wrote each request to its connection, by its own clock. */
  readonly sent: readonly number[];
  /** When the sandbox saw each. */
  readonly arrivals: readonly number[];
  readonly refused: number;
}

async function measure(rate: number, limit?: number): Promise<Measured> {
  const sandbox = await startSandbox({ latencyMs: latency, ...(limit === undefined ? {} : { rate: limit }) });
  stalls.reset();
  try {
    const { stdout } = await run(process.execPath, [
      join(import.meta.dirname, 'rate-client.ts'),
      sandbox.url,
      String(rate),
      String(SECONDS),
    ]);
    return {
      sent: JSON.parse(stdout) as number[],
      arrivals: sandbox.log.map(({ at }) => at),
      refused: sandbox.log.filter(({ status }) => status === 429).length,
    };
  } finally {
    await sandbox.close();
  }
}

function stood(): string {
  return ` (the sandbox stood still for ${Math.round(stalls.max / 1e6)} ms at most)`;
}

function latency(): number {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const ms = 63 * Math.exp(0.575 * normal);
  return ms >= 20 && ms <= 200 ? ms : latency();
}

function mostInASecond(times: readonly number[]): number {
  let [most, first] = [0, 0];
  for (const [index, at] of times.entries()) {
    while (at - (times[first] ?? at) >= 1000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
