// Runs the bundle of the Action as a runner does: inputs with the defaults of action.yml, environment files, a payload, and
// what it prints read as the runner reads it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { SEED, STATE } from '../cli/e2e/world.ts';
import { openGitHubStandIn, TOKEN, type GitHubStandIn } from './github.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly using: string; readonly main: string };
}
export const ACTION = parse(await readFile(path.join(ROOT, 'action.yml'), 'utf8')) as ActionFile;

export const PLATFORM_TOKEN = 'sandbox-tokenOfTheTeam42';
export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);

export interface Annotated {
  readonly level: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

export interface Step {
  readonly exit: number | null;
  /** What people see of stdout and stderr, masked. */
  readonly log: string;
  readonly masked: readonly string[];
  readonly annotations: readonly Annotated[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface StepOptions {
  readonly event?: string;
  readonly payload?: unknown;
  readonly sha?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job extends AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly sandbox: Sandbox;
  readonly workspace: string;
  write(name: string, text: string): Promise<void>;
  /** One step with the Action; unknown inputs are a mistake of the test. */
  step(inputs: Readonly<Record<string, string>>, options?: StepOptions): Promise<Step>;
}

export async function openJob(): Promise<Job> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'converge-action-'));
  const workspace = path.join(folder, 'workspace');
  const temporary = path.join(folder, 'temp');
  await mkdir(workspace);
  await mkdir(temporary);
  await writeFile(path.join(workspace, 'convex.state.yaml'), STATE);
  const github = await openGitHubStandIn(HEAD);
  const sandbox = await startSandbox({ seed: SEED });
  let steps = 0;
  return {
    github,
    sandbox,
    workspace,
    write: async (name, text) => {
      await mkdir(path.dirname(path.join(workspace, name)), { recursive: true });
      await writeFile(path.join(workspace, name), text);
    },
    async step(inputs, { event = 'pull_request', payload = pullRequest(), sha = 'c'.repeat(40), env = {} } = {}) {
      const file = (name: string): string => path.join(folder, `${name}-${String(steps)}`);
      steps++;
      await writeFile(file('event'), JSON.stringify(payload));
      await writeFile(file('output'), '');
      await writeFile(file('summary'), '');
      const { exit, text } = await runBundle(workspace, {
        ...inputVariables({ token: PLATFORM_TOKEN, 'api-url': sandbox.url, ...inputs }),
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_API_URL: github.url,
        GITHUB_EVENT_NAME: event,
        GITHUB_EVENT_PATH: file('event'),
        GITHUB_GRAPHQL_URL: github.url.replace('/v3', '/graphql'),
        GITHUB_OUTPUT: file('output'),
        GITHUB_REPOSITORY: 'acme/infra',
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_RUN_ID: '4711',
        GITHUB_SERVER_URL: 'https://github.example',
        GITHUB_SHA: sha,
        GITHUB_STEP_SUMMARY: file('summary'),
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: temporary,
        ...env,
      });
      return {
        exit,
        ...readLog(text),
        outputs: readOutputs(await readFile(file('output'), 'utf8')),
        summary: await readFile(file('summary'), 'utf8'),
      };
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await github[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** The payload of a pull request event. `fork`: its commits come from elsewhere. */
export function pullRequest(of: { readonly head?: string; readonly fork?: boolean } = {}): unknown {
  const full_name = of.fork === true ? 'mallory/infra' : 'acme/infra';
  return {
    pull_request: {
      number: 7,
      head: { sha: of.head ?? HEAD, repo: { full_name } },
      base: { sha: BASE, repo: { full_name: 'acme/infra' } },
    },
    repository: { full_name: 'acme/infra' },
  };
}

function inputVariables(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const name of Object.keys(given))
    if (!(name in ACTION.inputs)) throw new Error(`action.yml has no input ${name}`);
  return Object.fromEntries(
    Object.entries(ACTION.inputs).map(([name, input]) => {
      const value = given[name] ?? input.default ?? '';
      return [`INPUT_${name.toUpperCase()}`, value === '${{ github.token }}' ? TOKEN : value];
    }),
  );
}

async function runBundle(cwd: string, env: Readonly<Record<string, string>>) {
  const bundle = path.join(ROOT, ACTION.runs.main);
  const child = spawn(process.execPath, [bundle], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: os.tmpdir(), ...env },
  });
  child.stdin.end();
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, text };
}

/** Lines, commands and masks, in the order in which the runner takes them. */
function readLog(text: string): Pick<Step, 'log' | 'masked' | 'annotations'> {
  const masks: string[] = [];
  const annotations: Annotated[] = [];
  const shown: string[] = [];
  let until: string | null = null;
  for (const line of text.split('\n')) {
    const [, name = '', properties = '', rest = ''] = /^\s*::([\w-]+)(?: ([^:]*))?::(.*)$/.exec(line) ?? [];
    if (until !== null) {
      if (line.trim() === `::${until}::`) until = null;
      else shown.push(line);
    } else if (name === 'stop-commands') until = rest;
    else if (name === 'add-mask') masks.push(unescaped(rest));
    else if (['error', 'warning', 'notice'].includes(name))
      annotations.push({
        level: name,
        properties: Object.fromEntries(
          properties.split(',').map((one) => {
            const [key = '', value = ''] = one.split('=');
            return [key, unescaped(value)];
          }),
        ),
        message: unescaped(rest),
      });
    else if (name !== '') throw new Error(`a command that the Action does not give: ${line}`);
    else shown.push(line);
  }
  if (until !== null) throw new Error('commands were never allowed again');
  const log = masks.reduce((all, mask) => all.replaceAll(mask, '***'), shown.join('\n'));
  return { log, masked: masks, annotations };
}

function unescaped(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

function readOutputs(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [, name = '', , value = ''] of text.matchAll(/^([\w-]+)<<(\S+)\n(.*?)\n\2$/gms)) found[name] = value;
  return found;
}
