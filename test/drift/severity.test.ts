// How much it matters that something drifted: on the sandbox, and what --fail-on makes of it.
import { describe, expect, test } from 'vitest';
import { countedIn } from '../../src/cli/drift-options.ts';
import type { DriftItem } from '../../src/model/drift.ts';
import { drifting } from './drifting.ts';

const STATE = `version: 1
team: acme
policy: { prune: [env], protect: ["project:vault"] }
projects:
  - slug: shop
    name: Shop
    deployments:
      - { reference: production, class: s256, env: { A: one, B: two } }
      - { reference: staging, type: dev, env: { A: one } }
      - { reference: canary, type: custom, env: { A: one } }
      - { reference: lost, type: dev, env: { A: one } }
  - slug: lab
    name: Lab
    deployments:
      - { reference: production, env: { A: one } }
  - slug: vault
    name: Vault
    deployments:
      - { reference: main, type: dev, env: { A: one } }
    policy: { unprotect: ["project:vault/deployment:other"] }
`;

const dev = (reference: string, env: Readonly<Record<string, string>>) => ({ reference, type: 'dev' as const, env });
const SEED = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Shoppe',
          slug: 'shop',
          deployments: [
            {
              reference: 'production',
              type: 'prod' as const,
              default: true,
              class: 's16',
              env: { A: 'x', EXTRA: 'x' },
            },
            dev('staging', { A: 'x', EXTRA: 'x' }),
            { reference: 'canary', type: 'custom' as const, env: {} },
          ],
        },
        {
          name: 'Lab',
          slug: 'lab',
          deployments: [{ reference: 'production', type: 'prod' as const, default: true, env: { A: 'one' } }],
        },
        { name: 'Vault', slug: 'vault', deployments: [dev('main', { A: 'x' })] },
      ],
    },
  ],
};

describe('severity', () => {
  test('high is what is protected, or held data; low is a label, or one thing too many', async () => {
    await drifting({ state: STATE, seed: SEED }, async ({ drift }) => {
      const { items } = await drift();
      expect(items.map(({ severity, moved, address, where }) => [severity, moved, address, where?.line])).toEqual([
        ['low', 'changed', 'project:shop', 5],
        ['medium', 'missing', 'project:shop/deployment:canary/env-var:A', 10],
        ['high', 'missing', 'project:shop/deployment:lost', 11],
        ['high', 'missing', 'project:shop/deployment:lost/env-var:A', 11],
        ['high', 'changed', 'project:shop/deployment:production', 8],
        ['high', 'changed', 'project:shop/deployment:production/env-var:A', 8],
        ['high', 'missing', 'project:shop/deployment:production/env-var:B', 8],
        ['high', 'unexpected', 'project:shop/deployment:production/env-var:EXTRA', 8],
        ['medium', 'changed', 'project:shop/deployment:staging/env-var:A', 9],
        ['low', 'unexpected', 'project:shop/deployment:staging/env-var:EXTRA', 9],
        ['high', 'changed', 'project:vault/deployment:main/env-var:A', 19],
      ]);
    });
  });
});

describe('--fail-on', () => {
  const items: readonly Pick<DriftItem, 'kind' | 'moved' | 'severity'>[] = [
    { kind: 'deployment', moved: 'missing', severity: 'high' },
    { kind: 'env-var', moved: 'changed', severity: 'high' },
    { kind: 'env-var', moved: 'changed', severity: 'medium' },
    { kind: 'env-var', moved: 'unexpected', severity: 'low' },
  ];

  test.each<[readonly string[], number]>([
    [[], 4],
    [['high'], 2],
    [['medium'], 3],
    [['low'], 4],
    [['high', 'medium'], 3],
    [['env-var', 'high'], 1],
    [['changed', 'missing'], 3],
    [['env-var', 'changed', 'medium'], 2],
    [['domain'], 0],
  ])('%j counts %i', (failOn, counted) => {
    expect(countedIn(items, failOn)).toBe(counted);
  });
});
