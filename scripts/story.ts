// `npm start`: the main job on the embedded sandbox, as a newcomer would type it. Everything shown is the real
// command line talking real HTTP to the sandbox; the only thing made up is the team.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { parseSeed } from '../src/sandbox/seed.ts';
import { startSandbox, type Sandbox } from '../src/sandbox/server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = join(root, 'src/cli/main.ts');
const token = 'sandbox-story';

/** The whole shop without its production deployment. */
const CARELESS = `version: 1
team: acme
policy: { prune: [deployments] }
projects:
  - slug: shop
    deployments:
      - reference: staging
        type: custom
`;

const seedFile = join(root, 'examples/sandbox.seed.yaml');
const sandbox = await startSandbox({ seed: parseSeed(await readFile(seedFile, 'utf8'), seedFile) });
const scratch = await mkdtemp(join(tmpdir(), 'converge-story-'));
try {
  process.exitCode = await tell(sandbox);
} finally {
  await sandbox.close();
  await rm(scratch, { recursive: true });
}

async function tell(platform: Sandbox): Promise<number> {
  say('Team acme has a shop in production. examples/convex.state.yaml says what it should have. What differs?');
  await converge(['plan'], 0);

  say('That is what we want. Apply it; afterwards everything is read again, as proof.');
  await converge(['apply', '--auto-approve'], 0);
  await converge(['plan', '--detailed-exitcode'], 0, 'nothing left to do');

  say('Somebody changes a variable in the dashboard…');
  await changeInDashboard(platform, 'shop', 'production', { FEATURE_CHECKOUT: 'off' });
  console.log(styleText('dim', '  (FEATURE_CHECKOUT is now "off" on shop/production)'));
  await converge(['plan', '--detailed-exitcode'], 2, 'exit 2: there are changes to make');

  say('…and the next apply heals it, with one request.');
  await converge(['apply', '--auto-approve'], 0);

  say('Now a careless edit: the production entry is gone from the file, and pruning is on.');
  const careless = join(scratch, 'careless.yaml');
  await writeFile(careless, CARELESS);
  await converge(
    ['apply', '-f', careless, '--auto-approve', '--allow-delete', 'deployment'],
    3,
    'exit 3: refused, nothing was written',
  );

  say('That is Converge: trust the plan. Next: README.md, or `npm run converge -- --help`.');
  return 0;
}

function say(text: string): void {
  console.log(`\n${styleText(['bold', 'cyan'], `▸ ${text}`)}`);
}

/** Runs the real command line as a person would see it, and stops the story when it ends otherwise than told. */
async function converge(args: readonly string[], expected: number, remark?: string): Promise<void> {
  const shown = args.map((arg) => (arg.startsWith(scratch) ? 'careless.yaml' : arg));
  console.log(styleText('dim', `\n$ converge ${shown.join(' ')}`));
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: join(root, 'examples'),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      CONVEX_PROVISION_HOST: sandbox.url,
      CONVEX_TEAM_ACCESS_TOKEN: token,
      STRIPE_KEY: 'sandbox-stripe-key',
      STRIPE_TEST_KEY: 'sandbox-stripe-test-key',
    },
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== expected) throw new Error(`converge ${args.join(' ')} ended with exit ${String(code)}, not ${expected}`);
  if (remark !== undefined) console.log(styleText('dim', `  (${remark})`));
}

/** What the dashboard does when a person edits a variable: one call to the deployment. */
async function changeInDashboard(
  platform: Sandbox,
  slug: string,
  reference: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const management = { authorization: `Bearer ${token}` };
  const found = await fetch(`${platform.url}/v1/teams/acme/projects/${slug}/deployment?reference=${reference}`, {
    headers: management,
  });
  const { deploymentUrl } = (await found.json()) as { deploymentUrl: string };
  const reply = await fetch(`${deploymentUrl}/api/v1/update_environment_variables`, {
    method: 'POST',
    headers: { authorization: `Convex ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ changes: Object.entries(values).map(([name, value]) => ({ name, value })) }),
  });
  if (!reply.ok) throw new Error(`the dashboard's call failed with ${reply.status}`);
}
