// One golden folder: its steps are run against a sandbox of its own, and what they print is what the files say.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseSeed } from '../../src/sandbox/seed.ts';
import type { Dialect } from '../../src/providers/registry.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { converge, type Ran } from '../kit/converge.ts';

export interface Case {
  readonly rule: number | readonly number[];
  readonly about: string;
  /** Both sides speak it: the sandbox, and every step by its flag. */
  readonly dialect?: Dialect;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly (string | RunStep | ChangeStep | VerifyStep | VanishStep | AppearStep)[];
}
interface RunStep {
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface ChangeStep {
  readonly change: { readonly deployment: string; readonly env: Readonly<Record<string, string | null>> };
}
/** The DNS records of a hostname appear, and the platform has seen them. */
interface VerifyStep {
  readonly verify: string;
}

/** `project/reference`: the platform deletes the deployment, as it does when it expires. */
interface VanishStep {
  readonly vanish: string;
}
/** `project/reference`: CI makes a preview. */
interface AppearStep {
  readonly appear: string;
}

/** Golden file name → what it should hold. */
export type Printed = ReadonlyMap<string, string>;

export async function runCase(folder: string): Promise<Printed> {
  const golden = parse(await readFile(join(folder, 'case.yaml'), 'utf8')) as Case;
  const seedFile = join(folder, 'live.yaml');
  const seed = existsSync(seedFile) ? parseSeed(await readFile(seedFile, 'utf8'), 'live.yaml') : {};
  // The platform's time stands still, so that nothing in a golden file depends on when it was made.
  const { dialect } = golden;
  const sandbox = await startSandbox({ seed, clock: () => START, ...(dialect === undefined ? {} : { dialect }) });
  const printed = new Map<string, string>();
  const scratch = await mkdtemp(join(tmpdir(), 'converge-case-'));
  try {
    let number = 0;
    for (const step of golden.steps) {
      if (typeof step !== 'string' && 'change' in step) {
        change(sandbox, step.change);
        continue;
      }
      if (typeof step !== 'string' && 'verify' in step) {
        sandbox.platform.verifyDomain(step.verify);
        continue;
      }
      if (typeof step !== 'string' && 'vanish' in step) {
        const { caller, deployment } = found(sandbox, step.vanish);
        sandbox.platform.deleteDeployment(caller, deployment);
        continue;
      }
      if (typeof step !== 'string' && 'appear' in step) {
        appear(sandbox, step.appear);
        continue;
      }
      const { run: said, env } = typeof step === 'string' ? { run: step, env: {} } : { env: {}, ...step };
      const line = dialect === undefined ? said : `${said} --dialect ${dialect}`;
      number++;
      const context = { folder, scratch, sandbox, env: inPlace({ ...golden.env, ...env }, folder) };
      const argv = line.split(' ').filter((word) => word !== '');
      const name = `${number}-${argv[0] ?? ''}`;
      sandbox.clearLog();
      const ran = await runOn(context, argv);
      printed.set(
        `${name}.txt`,
        [`$ converge ${line}`, `exit ${ran.exit}`, requests(sandbox), ...blocks(ran)].join('\n'),
      );
      if (argv[0] !== 'plan' || argv.includes('--format')) continue;
      const json = await runOn(context, [...argv, '--format', 'json']);
      printed.set(`${name}.json`, json.stdout);
    }
  } finally {
    await sandbox.close();
    await rm(scratch, { recursive: true });
  }
  return printed;
}

/** The time at which every case plays. */
export const START = Date.UTC(2026, 10, 20, 12);

interface Context {
  readonly folder: string;
  /** `SCRATCH` in command lines: a folder for what is written. */
  readonly scratch: string;
  readonly sandbox: Sandbox;
  readonly env: Readonly<Record<string, string>>;
}

async function runOn({ folder, scratch, sandbox, env }: Context, words: readonly string[]): Promise<Ran> {
  // A rate that none of them reaches, so that no golden file says how long its requests waited, and one at a time, so
  // that each says in which order they ended.
  const pace = words[0] === 'plan' || words[0] === 'apply' ? ['--rate', '1000', '--concurrency', '1'] : [];
  const argv = words.map((word) => word.replace('SCRATCH', scratch));
  const ran = await converge([...argv, ...pace], {
    cwd: folder,
    env: {
      CONVEX_PROVISION_HOST: sandbox.url,
      CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-golden',
      SOURCE_DATE_EPOCH: String(START / 1000),
      ...env,
    },
  });
  const { host } = new URL(sandbox.url);
  const settle = (text: string): string =>
    text.replaceAll(host, 'SANDBOX').replaceAll(folder, 'FOLDER').replaceAll(scratch, 'SCRATCH');
  return { exit: ran.exit, stdout: settle(ran.stdout), stderr: settle(ran.stderr) };
}

/** `FOLDER` in a variable is the case's own folder, as it is in what is printed. */
function inPlace(env: Readonly<Record<string, string>>, folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replaceAll('FOLDER', folder)]));
}

/** Reads and writes as the platform counted them, and the variables that each write names. */
function requests({ log }: Sandbox): string {
  const reads = log.filter(({ kind }) => kind === 'read').length;
  const writes = log
    .filter(({ kind }) => kind === 'write')
    .map(({ method, path, requestBody }) => `  ${method} ${path} ${masked(requestBody)}`);
  return [`requests: ${reads} reads, ${writes.length} writes`, ...writes.sort()].join('\n');
}

function masked(body: unknown): string {
  return JSON.stringify(body, (key, value: unknown) => (key === 'value' && value !== null ? '…' : value)) ?? '';
}

function blocks({ stdout, stderr }: Ran): readonly string[] {
  return [
    ...(stdout === '' ? [] : ['--- stdout', stdout.trimEnd()]),
    ...(stderr === '' ? [] : ['--- stderr', stderr.trimEnd()]),
    '',
  ];
}

/** What a colleague does in the dashboard. */
function change(sandbox: Sandbox, { deployment: name, env }: ChangeStep['change']): void {
  const { caller, deployment } = found(sandbox, name);
  sandbox.platform.updateEnvironment(
    caller,
    deployment,
    Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
  );
}

function found(sandbox: Sandbox, name: string) {
  const [slug, ...reference] = name.split('/');
  const deployment = [...sandbox.platform.world.deployments.values()].find(
    (live) => live.reference === reference.join('/') && live.project.slug === slug,
  );
  if (deployment === undefined) throw new Error(`no live deployment ${name}`);
  return { caller: callerOf(sandbox), deployment };
}

function appear(sandbox: Sandbox, name: string): void {
  const [slug, ...reference] = name.split('/');
  const project = [...sandbox.platform.world.projects.values()].find((live) => live.slug === slug);
  if (project === undefined) throw new Error(`no live project ${slug ?? ''}`);
  sandbox.platform.createDeployment(callerOf(sandbox), project, {
    type: 'preview',
    reference: reference.slice(1).join('/'),
  });
}

function callerOf({ platform }: Sandbox) {
  const token = platform.identify('sandbox');
  if (token === undefined || token === null) throw new Error('the sandbox refuses its own token');
  return { token };
}
