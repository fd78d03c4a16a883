// What a dump says and keeps, mode by mode, over real HTTP.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dump } from '../../src/compose/dump.ts';
import { isPlainValue } from '../../src/model/plain-value.ts';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';
import { sopsPrograms, STAND_IN_PATH } from '../kit/sops-programs.ts';
import { dumpOf, effectsIn, planAfter, REQUEST, settingsFor, type Done } from './dumping.ts';

const SEED: SandboxSeed = {
  teams: [
    {
      slug: 'acme',
      id: 41,
      projects: [
        {
          name: 'Acme Shop',
          slug: 'shop',
          deployments: [
            {
              reference: 'production',
              type: 'prod',
              default: true,
              class: 's256',
              env: {
                STRIPE_KEY: 'sandbox-stripe-live',
                LOG_LEVEL: 'info',
                SITE_URL: 'https://acme.example',
                FEATURE_X: 'on',
                ZIP: '01234',
                CERTIFICATE: '-----BEGIN CERTIFICATE-----\nc2FuZGJveA==\n-----END CERTIFICATE-----\n',
              },
              domains: [{ domain: 'api.acme.example', destination: 'convexCloud', verified: true }],
              canonicalUrls: { convexCloud: 'https://api.acme.example' },
            },
            {
              reference: 'staging',
              type: 'custom',
              env: { STRIPE_KEY: 'sandbox-stripe-test', LOG_LEVEL: 'info', SITE_URL: 'https://acme.example' },
            },
            { reference: 'preview/pr-1', type: 'preview', env: { HIDDEN: 'of-a-preview' } },
          ],
        },
        {
          name: 'billing',
          deployments: [
            {
              reference: 'production',
              type: 'prod',
              default: true,
              region: 'aws-eu-west-1',
              env: { STRIPE_KEY: 'sandbox-stripe-live', LOG_LEVEL: 'info', VAT_TABLE: '{"DE": 19}' },
            },
          ],
        },
        { name: 'empty' },
      ],
    },
  ],
};

async function onSandbox<T>(use: (sandbox: Sandbox) => Promise<T>, seed = SEED): Promise<T> {
  const sandbox = await startSandbox({ seed });
  try {
    return await use(sandbox);
  } finally {
    await sandbox.close();
  }
}

const textOf = ({ documents }: Done): string => documents.map(({ text }) => text).join('');

/** The port of the sandbox is another one each time. */
const steady = (text: string): string => text.replace(/127\.0\.0\.1:\d+/g, 'api.example');

it.each([
  ['reference', {}],
  ['all', { all: true }],
  ['placeholder', { secrets: 'placeholder' }],
  ['sanitize', { sanitize: true, salt: new Uint8Array(32) }],
] as const)('reads well: %s', async (name, request) => {
  const dumped = await onSandbox(({ url }) => dumpOf(settingsFor(url, 'official'), request));
  await expect(steady(textOf(dumped))).toMatchFileSnapshot(`golden/${name}.yaml`);
});

it('equal teams give equal bytes', async () => {
  const [one, two] = await Promise.all([1, 2].map(() => onSandbox(({ url }) => dumpOf(settingsFor(url, 'official')))));
  expect(steady(textOf(one as Done))).toBe(steady(textOf(two as Done)));
});

it(
  'no value that is not plainly harmless is in a document or in what is said of it',
  { timeout: 120_000 },
  async () => {
    const name = fc.constantFrom('LOG_LEVEL', 'API_URL', 'GREETING', 'STRIPE_KEY', 'MODE', 'X');
    const secret = fc.oneof(
      fc.stringMatching(/^[a-z0-9]{8,40}$/),
      fc.stringMatching(/^[A-Za-z0-9+/]{16,60}$/),
      fc.stringMatching(/^https:\/\/[a-z]{3,8}\.com\/[A-Za-z0-9]{8,20}\/[A-Za-z0-9]{20}$/),
      fc.stringMatching(/^[a-z]{5,9} [a-z]{5,9} [a-z]{5,9}$/),
      fc.stringMatching(/^[0-9]{6,16}$/),
      fc.stringMatching(/^[a-z]{7,12}$/),
    );
    const team = fc.array(fc.array(fc.dictionary(name, secret), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(
        team,
        fc.constantFrom({}, { all: true }, { secrets: 'placeholder' } as const),
        async (all, mode) => {
          const projects = all.map((deployments, p) => ({
            name: `project-${p}`,
            deployments: deployments.map((env, d) => ({ type: 'custom' as const, reference: `stage-${d}`, env })),
          }));
          const hidden = all
            .flat()
            .flatMap((env) => Object.entries(env).filter(([key, value]) => !isPlainValue(key, value)));
          const dumped = await onSandbox(({ url }) => dumpOf(settingsFor(url, 'official'), mode), {
            teams: [{ slug: 'acme', id: 41, projects }],
          });
          const said = [textOf(dumped), ...dumped.companion, JSON.stringify(dumped)].join('\n');
          expect(hidden.filter(([, value]) => said.includes(value))).toEqual([]);
        },
      ),
      { seed: 20261121, numRuns: 60 },
    );
  },
);

it('reads what is chosen, and no secret of anything else', async () => {
  await onSandbox(async (sandbox) => {
    const settings = settingsFor(sandbox.url, 'official');
    const scope = { target: ['project:shop/deployment:staging'], exclude: [] };
    const dumped = await dumpOf({ ...settings, scope });
    const asked = sandbox.log.filter(({ path }) => path.includes('list_environment_variables'));
    expect(asked).toHaveLength(1);
    expect(textOf(dumped)).toContain('reference: staging');
    expect(textOf(dumped)).not.toContain('reference: production');
    expect(textOf(dumped)).not.toContain('billing');
    await inFolder({}, async (cwd) => {
      const planned = await planAfter(settings, dumped, cwd);
      expect(planned).toMatchObject({ type: 'planned', plan: { changes: [] } });
    });
    const without = await dumpOf({ ...settings, scope: { target: [], exclude: ['project:shop'] } });
    expect(textOf(without)).not.toContain('slug: shop');
    const nothing = { ...settings, scope: { target: ['project:shp'], exclude: [] } };
    const failed = await dump(nothing, effectsIn('/'), REQUEST);
    expect(failed).toMatchObject({
      type: 'invalid',
      diagnostics: [{ code: 'CVG511', hint: 'Did you mean project:shop?' }],
    });
  });
});

it('asks as few requests as an observation: team-wide lists where there are many containers', async () => {
  await onSandbox(async (sandbox) => {
    await dumpOf(settingsFor(sandbox.url, 'official'));
    // The token, projects, deployments of the team; of four deployments variables, domains and canonical URLs.
    expect(sandbox.log.length).toBe(1 + 1 + 1 + 4 * 3);
    const few = await dump({ ...settingsFor(sandbox.url, 'official'), maxRequests: 5 }, effectsIn('/'), REQUEST);
    expect(few).toMatchObject({ type: 'refused', diagnostics: [{ code: 'CVG604' }] });
    expect(sandbox.log.length).toBeLessThanOrEqual(15 + 5);
  });
});

it('what could not be read is said at the top and at its place, with exit 1', async () => {
  await onSandbox(async (sandbox) => {
    sandbox.setFaults([
      {
        match: { path: '**/list_environment_variables', nth: 1, times: 'always' },
        effect: { kind: 'status', status: 403 },
      },
    ] as never);
    const ran = await converge(['dump', '--api-url', sandbox.url, '--rate', '500'], {
      cwd: '/',
      env: { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' },
    });
    expect(ran.exit, ran.stderr).toBe(1);
    expect(ran.stdout).toContain('# NOT WHOLE');
    expect(ran.stdout).toMatch(/# +`env` could not be read, and is missing here/);
    expect(ran.stdout).toContain('version: 1');
  });
});

it('a sanitized dump is a valid document that names nothing', async () => {
  const dumped = await onSandbox(({ url }) => dumpOf(settingsFor(url, 'official'), { sanitize: true }));
  const text = textOf(dumped);
  for (const word of [
    'acme',
    'shop',
    'billing',
    'production',
    'STRIPE',
    'LOG_LEVEL',
    'sandbox-stripe',
    'info',
    '127.0.0.1',
  ])
    expect(text).not.toContain(word);
  await inFolder({ 'convex.state.yaml': text }, async (cwd) => {
    const validated = await converge(['validate', '--warnings-as-errors'], { cwd });
    expect(validated.exit, validated.stdout).toBe(0);
  });
  // Equality is kept: the set that three deployments share is still one.
  expect(text).toMatch(/envSets:\n {2}common:\n {4}VAR_/);
  const again = await onSandbox(({ url }) => dumpOf(settingsFor(url, 'official'), { sanitize: true }));
  expect(textOf(again)).not.toBe(text);
});

/** Of examples/sops/example-key.txt. */
const RECIPIENT = 'age1yl6tafwe06sql232ulqnfuv53neszqzek0wylz44tl8867sj7sxs38ya9z';

it.each(sopsPrograms())('values go to a SOPS file, and the plan after that is empty: $name', async ({ PATH }) => {
  await onSandbox(async (sandbox) => {
    await inFolder({}, async (cwd) => {
      const key = join(import.meta.dirname, '../../examples/sops/example-key.txt');
      const platform = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', CONVEX_PROVISION_HOST: sandbox.url };
      const env = { ...platform, PATH, SOPS_AGE_KEY_FILE: key };
      const argv = ['dump', '--secrets', 'sops', '--rate', '500'];
      const failed = await converge(argv, { cwd, env });
      expect(failed.exit).toBe(1);
      expect(failed.stderr).toContain('sops ended with exit code 1');
      expect(failed.stderr).not.toContain('shown nowhere');
      expect(failed.stdout).toBe('');
      const ran = await converge(argv, { cwd, env: { ...env, SOPS_AGE_RECIPIENTS: RECIPIENT } });
      expect(ran.exit, ran.stderr).toBe(0);
      expect(ran.stdout).toContain('{ fromSops: secrets.sops.yaml, key: CERTIFICATE, keepNewline: true }');
      expect(ran.stdout + ran.stderr).not.toContain('sandbox-stripe');
      expect(await readFile(join(cwd, 'secrets.sops.yaml'), 'utf8')).toContain('ENC[');
      await writeFile(join(cwd, 'convex.state.yaml'), ran.stdout);
      const planned = await converge(['plan', '--detailed-exitcode', '--rate', '500'], { cwd, env });
      expect(planned.exit, planned.stdout + planned.stderr).toBe(0);
    });
  });
});

it('what sops leaves in clear is not written', async () => {
  await onSandbox(async (sandbox) => {
    await inFolder({}, async (cwd) => {
      const platform = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', CONVEX_PROVISION_HOST: sandbox.url };
      const env = { ...platform, PATH: STAND_IN_PATH, SOPS_AGE_RECIPIENTS: 'leaves-one-in-clear' };
      const ran = await converge(['dump', '--secrets', 'sops', '--rate', '500'], { cwd, env });
      expect([ran.exit, ran.stdout]).toEqual([1, '']);
      expect(ran.stderr).toContain('sops did not encrypt CERTIFICATE: nothing is written');
      await expect(readFile(join(cwd, 'secrets.sops.yaml'))).rejects.toThrow('ENOENT');
    });
  });
});

it('without sops says what is missing', async () => {
  await onSandbox(async (sandbox) => {
    await inFolder({}, async (cwd) => {
      const env = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', CONVEX_PROVISION_HOST: sandbox.url, PATH: '/nowhere' };
      const ran = await converge(['dump', '--secrets', 'sops', '--rate', '500'], { cwd, env });
      expect(ran.exit).toBe(1);
      expect(ran.stderr).toContain('the program sops is not on the PATH');
    });
  });
});

it('one file per project, and never over what is there', async () => {
  await onSandbox(async (sandbox) => {
    await inFolder({}, async (cwd) => {
      const env = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', CONVEX_PROVISION_HOST: sandbox.url };
      const argv = ['dump', '--split', 'infra', '--include-values', '--rate', '500'];
      const ran = await converge(argv, { cwd, env });
      expect(ran.exit, ran.stderr).toBe(0);
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toContain('Written: infra/projects/shop.yaml (values in clear)');
      expect(await readFile(join(cwd, 'infra/team.yaml'), 'utf8')).toContain('team: acme');
      const planned = await converge(['plan', '--detailed-exitcode', '-f', 'infra', '--rate', '500'], { cwd, env });
      expect(planned.exit, planned.stdout + planned.stderr).toBe(0);
      // Again: the same content is fine, another one is not touched.
      expect((await converge(argv, { cwd, env })).exit).toBe(0);
      await writeFile(join(cwd, 'infra/projects/shop.yaml'), 'mine\n');
      const refused = await converge(argv, { cwd, env });
      expect(refused.exit).toBe(1);
      expect(refused.stderr).toContain('is there already with another content');
      expect(await readFile(join(cwd, 'infra/projects/shop.yaml'), 'utf8')).toBe('mine\n');
    });
  });
});

it('an empty team is a document that declares nothing', async () => {
  const seed: SandboxSeed = { teams: [{ slug: 'acme', id: 41 }] };
  const dumped = await onSandbox(({ url }) => dumpOf(settingsFor(url, 'official')), seed);
  expect(dumped.declared).toBe(0);
  expect(textOf(dumped)).toContain('version: 1\nteam: 41\n');
});
