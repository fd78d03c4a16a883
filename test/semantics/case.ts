// One golden folder: its steps are run against a sandbox of its own, and what they print is what the files say.
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseSeed } from '../../src/sandbox/seed.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { converge, type Ran } from '../kit/converge.ts';

export interface Case {
  readonly rule: number | readonly number[];
  readonly about: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly (string | RunStep | ChangeStep | VerifyStep)[];
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

/** Golden file name → what it should hold. */
export type Printed = ReadonlyMap<string, string>;

export async function runCase(folder: string): Promise<Printed> {
  const golden = parse(await readFile(join(folder, 'case.yaml'), 'utf8')) as Case;
  const seedFile = join(folder, 'live.yaml');
  const seed = existsSync(seedFile) ? parseSeed(await readFile(seedFile, 'utf8'), 'live.yaml') : {};
  // The platform's time stands still, so that nothing in a golden file depends on when it was made.
  const sandbox = await startSandbox({ seed, clock: () => START });
  const printed = new Map<string, string>();
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
      const { run: line, env } = typeof step === 'string' ? { run: step, env: {} } : { env: {}, ...step };
      number++;
      const context = { folder, sandbox, env: inPlace({ ...golden.env, ...env }, folder) };
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
  }
  return printed;
}

const START = Date.UTC(2026, 10, 20, 12);

interface Context {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly env: Readonly<Record<string, string>>;
}

async function runOn({ folder, sandbox, env }: Context, argv: readonly string[]): Promise<Ran> {
  // A rate that none of them reaches, so that no golden file says how long its requests waited; and one change after the
  // other, so that none depends on which of two was faster.
  const rate = argv[0] === 'plan' || argv[0] === 'apply' ? ['--rate', '1000'] : [];
  const order = argv[0] === 'apply' && !argv.includes('--concurrency') ? ['--concurrency', '1'] : [];
  const ran = await converge([...argv, ...rate, ...order], {
    cwd: folder,
    env: {
      CONVEX_PROVISION_HOST: sandbox.url,
      CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-golden',
      SOURCE_DATE_EPOCH: String(START / 1000),
      ...env,
    },
  });
  const { host } = new URL(sandbox.url);
  const settle = (text: string): string => text.replaceAll(host, 'SANDBOX').replaceAll(folder, 'FOLDER');
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
function change({ platform }: Sandbox, { deployment, env }: ChangeStep['change']): void {
  const [slug, ...reference] = deployment.split('/');
  const token = platform.identify('sandbox');
  if (token === undefined || token === null) throw new Error('the sandbox refuses its own token');
  const caller = { token };
  const found = [...platform.world.deployments.values()].find(
    (live) => live.reference === reference.join('/') && live.project.slug === slug,
  );
  if (found === undefined) throw new Error(`no live deployment ${deployment}`);
  platform.updateEnvironment(
    caller,
    found,
    Object.entries(env).map(([name, value]) => ({ name, value })),
  );
}
