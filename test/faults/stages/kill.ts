// Stage 5: real processes over TCP. The command line applies, is killed with SIGKILL at every write, on both sides of it;
// then it applies once more.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { startCli } from '../../cli/support/spawn-cli.ts';
import { finalState } from '../kit/final-state.ts';
import { anyScenario, documentOf, type Scenario } from '../kit/scenario.ts';
import { undisturbed, type StageOptions, type StageResult } from '../kit/stage.ts';
import { holdersOf, seedOf, stateOf, TOKEN } from '../kit/team.ts';

/** `arrives`: when the platform sees the request, before it does it. `done`: when it has done it, the reply on its way. */
type Moment = 'arrives' | 'done';
const MOMENTS: readonly Moment[] = ['arrives', 'done'];

/** Long enough for a kill to land in it. */
const LATENCY_MS = 15;

export interface KillOptions extends StageOptions {
  /** Processes at one time. */
  readonly parallel?: number;
  /** Plans with more writes are left out. */
  readonly mostWrites?: number;
}

export async function kill({ seed, count, parallel = 2, mostWrites = 12 }: KillOptions): Promise<StageResult> {
  const counts = { plans: 0, kills: 0, processes: 0 };
  const found: string[] = [];
  const jobs: (() => Promise<void>)[] = [];
  for (const { scenario, writes } of await plansOf({ seed, count, mostWrites })) {
    counts.plans += 1;
    for (let nth = 0; nth < writes; nth += 1)
      for (const moment of MOMENTS)
        jobs.push(async () => {
          counts.kills += 1;
          counts.processes += 3;
          const wrong = await killOnce(scenario, { nth, moment });
          if (wrong.length > 0)
            found.push([`killed when write ${String(nth)} ${moment}:`, ...wrong, JSON.stringify(scenario)].join('\n'));
        });
  }
  const worker = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined && found.length === 0; job = jobs.shift()) await job();
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return { name: '5 kill -9', counts, failure: found.length === 0 ? null : found.join('\n') };
}

async function plansOf(of: Required<Pick<KillOptions, 'seed' | 'count' | 'mostWrites'>>) {
  const plans: { readonly scenario: Scenario; readonly writes: number }[] = [];
  for (const drawn of fc.sample(anyScenario({ small: true }), { seed: of.seed, numRuns: of.count * 20 })) {
    if (plans.length >= of.count) break;
    // What is left under the platform's own slug is finished by hand (decision 0023): stage 2 has those.
    const scenario = { ...drawn, consents: true, wanted: drawn.wanted.filter(({ slug }) => slug === 'beta-two') };
    const plain = await undisturbed(scenario);
    const writes = plain?.ring.network.log.filter(({ isWrite }) => isWrite).length ?? 0;
    if (writes >= 2 && writes <= of.mostWrites) plans.push({ scenario, writes });
  }
  return plans;
}

/** What is wrong after it, one sentence each. */
async function killOnce(
  scenario: Scenario,
  at: { readonly nth: number; readonly moment: Moment },
): Promise<readonly string[]> {
  const sandbox = await startSandbox({ seed: seedOf(scenario), latencyMs: LATENCY_MS });
  const cwd = await mkdtemp(path.join(os.tmpdir(), 'converge-kill-'));
  try {
    await writeFile(path.join(cwd, 'convex.state.yaml'), documentOf(scenario));
    const env = { CONVEX_TEAM_ACCESS_TOKEN: TOKEN, CONVEX_PROVISION_HOST: sandbox.url };
    const start = (...args: readonly string[]) => startCli([...args, '--rate', '1000'], { cwd, env });
    const apply = () => start('apply', '--auto-approve', ...consentFor(sandbox));

    const first = apply();
    while (first.child.exitCode === null && !isReached(sandbox, at)) await setImmediate();
    first.child.kill('SIGKILL');
    const { code } = await first.result;
    // What had arrived is done; nothing more comes from the dead.
    while (sandbox.log.some(({ status }) => status === 0)) await setImmediate();

    const second = await apply().result;
    const third = await start('plan', '--detailed-exitcode').result;
    return [
      ...(code === null ? [] : [`it was over before it could be killed (${String(code)})`]),
      ...(second.code === 0
        ? []
        : [`I1: the plain apply ended with ${String(second.code)}\n${second.stdout}${second.stderr}`]),
      ...(third.code === 0 ? [] : [`I1: the plan after it ended with ${String(third.code)}\n${third.stdout}`]),
      ...differences(scenario, sandbox),
      ...madeTwice(sandbox),
    ];
  } finally {
    await sandbox.close();
    await rm(cwd, { recursive: true });
  }
}

function isReached({ log }: Sandbox, { nth, moment }: { readonly nth: number; readonly moment: Moment }): boolean {
  const write = log.filter(({ kind }) => kind === 'write')[nth];
  return write !== undefined && (moment === 'arrives' || write.status !== 0);
}

function consentFor({ platform }: Sandbox): readonly string[] {
  const flags = holdersOf(platform).flatMap((address) => ['--confirm', address]);
  return ['--allow-delete', 'project', '--allow-delete', 'deployment', ...flags];
}

function differences(scenario: Scenario, { platform }: Sandbox): readonly string[] {
  const final = finalState(scenario);
  const now = stateOf(platform.world);
  return [...new Set([...final.state.keys(), ...now.keys()])]
    .filter((path) => now.get(path) !== final.state.get(path) && final.forgettable.get(path) !== now.get(path))
    .map((path) => `I1: ${path} is ${String(now.get(path))}, not ${String(final.state.get(path))}`);
}

/** By the platform's own audit log: a name is made once, and once more only where it was deleted. */
function madeTwice({ platform }: Sandbox): readonly string[] {
  const balance = new Map<string, number>();
  const wrong: string[] = [];
  for (const team of platform.world.teams.values())
    for (const { action, metadata } of team.audit) {
      const sign = action.endsWith(':create') ? 1 : action.endsWith(':delete') ? -1 : 0;
      const about = (metadata['current'] ?? metadata['previous'] ?? {}) as Readonly<Record<string, unknown>>;
      const what = `${action.replace(/:\w+$/, '')} ${JSON.stringify([about['projectId'], about['reference'] ?? about['name'] ?? about['domain']])}`;
      const now = (balance.get(what) ?? 0) + sign;
      balance.set(what, now);
      if (now > 1) wrong.push(`I3: ${what} was made ${String(now)} times`);
    }
  return wrong;
}
