// Random secrets, live and desired, appear in no output, log, report or error, also when the platform echoes them.
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';
import { STAND_IN_PATH } from '../kit/sops-programs.ts';

const COUNT = 30;
const [sample] = fc.sample(
  fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9+/=_%"'\\ -]{8,60}[A-Za-z0-9]$/), {
    minLength: 2 * COUNT,
    maxLength: 2 * COUNT,
  }),
  { seed: 20261120, numRuns: 1 },
);
const secrets = (sample ?? []).map((text) => text.trim());

/** In turn the environment, a command that has the value among its arguments, and a SOPS file. */
function sourceOf(name: string, value: string): string {
  switch (Number(name.slice(-1)) % 3) {
    case 0:
      return `{ fromEnv: ${name}_SOURCE }`;
    case 1:
      return `{ fromCommand: [printf, "%s", ${JSON.stringify(value)}] }`;
    default:
      return `{ fromSops: secrets.sops.json, key: deep.${name} }`;
  }
}

it('are seen nowhere', async () => {
  const desired = secrets.slice(0, COUNT);
  const live = secrets.slice(COUNT);
  const name = (index: number): string => `SECRET_${index}`;
  const env = Object.fromEntries(live.map((value, index) => [name(index), value]));
  const third = COUNT / 3;
  const document = [
    'version: 1',
    'team: acme',
    'projects:',
    '  - slug: shop',
    '    deployments:',
    '      - reference: production',
    '        type: prod',
    '        envFrom: [{ file: secrets.env }]',
    '        env:',
    ...desired.slice(0, third).map((value, index) => `          ${name(index)}: ${JSON.stringify(value)}`),
    ...desired
      .slice(third, 2 * third)
      .map((value, index) => `          ${name(third + index)}: ${sourceOf(name(third + index), value)}`),
  ].join('\n');
  const dotenv = desired
    .slice(2 * third)
    .map((value, index) => `${name(2 * third + index)}='${value.replaceAll("'", '')}'`);
  const wanted = [
    ...desired.slice(0, 2 * third),
    ...desired.slice(2 * third).map((value) => value.replaceAll("'", '')),
  ];
  const all = [...wanted, ...live];
  /** The platform refuses and repeats what it was given and what it has. */
  const echo = (path: string, status: number, values: readonly (string | undefined)[]): Fault => ({
    match: { path, times: 'always' },
    effect: { kind: 'status', status, code: 'Echo', message: values.map((value) => `not good: ${value}`).join('; ') },
  });
  const sandbox = await startSandbox({
    seed: {
      teams: [
        {
          slug: 'acme',
          id: 41,
          projects: [{ name: 'shop', deployments: [{ reference: 'production', type: 'prod', env }] }],
        },
      ],
    },
  });
  const environment = {
    CONVEX_PROVISION_HOST: sandbox.url,
    CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-token-that-is-secret-too',
    PATH: STAND_IN_PATH,
    ...Object.fromEntries(
      desired.slice(third, 2 * third).map((value, index) => [`${name(third + index)}_SOURCE`, value]),
    ),
  };
  try {
    await inFolder(
      {
        'convex.state.yaml': document,
        'secrets.env': dotenv.join('\n'),
        'secrets.sops.json': '{}',
        'secrets.sops.json.decrypted.json': JSON.stringify({
          deep: Object.fromEntries(desired.map((value, index) => [name(index), value])),
        }),
        'selected.yaml': document
          .replace('deployments:', 'eachDeployment:')
          .replace('- reference: production', '- match: { reference: production }')
          .replace('        type: prod\n', ''),
        'broken.yaml': `${document}\n      broken: ${all[0]}\n`,
      },
      async (cwd) => {
        const printed: string[] = [];
        const run = async (line: string, exit: number): Promise<void> => {
          const argv = [...line.split(' '), '--allow-exec', '--log-level', 'trace', '--rate', '500'];
          const ran = await converge(argv, { cwd, env: environment });
          expect(ran.exit, `${line}: ${ran.stderr.slice(0, 500)}`).toBe(exit);
          printed.push(ran.stdout, ran.stderr);
        };
        await run('validate', 0);
        await run('validate -f broken.yaml', 1);
        await run('plan', 0);
        await run('plan --format json --out saved.plan.json --report json=plan.json --report text=plan.txt', 0);
        await run('show saved.plan.json', 0);
        await run('apply --auto-approve --max-requests 1', 3);
        for (const index of [0, third, 2 * third]) {
          sandbox.setFaults([echo('**/update_environment_variables', 400, [wanted[index], live[index]])]);
          await run('apply --auto-approve --format json --report text=apply.txt', 5);
        }
        // Also before anything of the deployment could be read: what the document has may be live already.
        sandbox.setFaults([echo('**/list_environment_variables', 403, wanted.slice(0, 3))]);
        await run('plan', 1);
        await run('plan -f selected.yaml', 1);
        sandbox.setFaults([]);
        await run('plan -f selected.yaml --format json', 0);
        await run('apply saved.plan.json --log-format json', 0);
        for (const file of ['saved.plan.json', 'plan.json', 'plan.txt', 'apply.txt'])
          printed.push(await readFile(join(cwd, file), 'utf8'));
        const output = printed.join('\n');
        expect(output).toContain('SECRET_0');
        expect(output.match(/400 Echo: not good/g)?.length).toBeGreaterThanOrEqual(3);
        expect(output.match(/403 Echo: not good/g)?.length).toBeGreaterThanOrEqual(2);
        for (const secret of [...all, environment.CONVEX_TEAM_ACCESS_TOKEN]) {
          expect(output.includes(secret), secret).toBe(false);
          expect(output.includes(JSON.stringify(secret).slice(1, -1)), secret).toBe(false);
          expect(output.includes(encodeURIComponent(secret)), secret).toBe(false);
          expect(output.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '')), secret).toBe(false);
        }
      },
    );
  } finally {
    await sandbox.close();
  }
}, 60_000);
