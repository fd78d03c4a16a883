import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/server.ts';
import { runCli, startCli, type CliResult, type RunningCli } from '../support/spawn-cli.ts';

/** A folder with a state document, a platform beside it, and the real program between them. */
export interface World extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** Environment that every command gets: token and API host. */
  readonly env: Readonly<Record<string, string>>;
  path(name: string): string;
  write(name: string, text: string): Promise<void>;
  read(name: string): Promise<string>;
  converge(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningCli;
  /** Write requests that the platform has seen since the log was last emptied. */
  writes(): number;
}

export async function openWorld(options: SandboxOptions & { readonly state?: string } = {}): Promise<World> {
  const { state = STATE, ...sandboxOptions } = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'converge-e2e-'));
  const sandbox = await startSandbox({ seed: SEED, ...sandboxOptions });
  const env = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-e2e', CONVEX_PROVISION_HOST: sandbox.url, STRIPE_KEY };
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('convex.state.yaml'), state);
  return {
    sandbox,
    env,
    path: at,
    write: (name, text) => writeFile(at(name), text),
    read: (name) => readFile(at(name), 'utf8'),
    converge: (args, further = {}) => runCli(args, { cwd: folder, env: { ...env, ...further } }),
    start: (args, further = {}) => startCli(args, { cwd: folder, env: { ...env, ...further } }),
    writes: () => sandbox.log.filter(({ kind }) => kind === 'write').length,
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What must never be seen. */
export const STRIPE_KEY = 'sk_live_e2eSecretValue1234';

export const SEED = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: [
            { reference: 'production', type: 'prod', default: true, env: { LOG_LEVEL: 'debug', STAYS: 'x' } },
            { reference: 'staging', type: 'dev' },
          ],
        },
      ],
    },
  ],
} as const satisfies SandboxOptions['seed'];

export const STATE = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - reference: production
        type: prod
        env:
          LOG_LEVEL: info
          STRIPE_KEY: { fromEnv: STRIPE_KEY }
`;
