// Faults that need a socket, over real HTTP: each meets a read, a write and a create once, and the apply ends as it must.
// What needs none is in test/faults, many thousand times.
import { expect, it } from 'vitest';
import type { FaultEffect } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

const DOCUMENT = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - { reference: blue, env: { A: new } }
      - { reference: green, type: custom }
`;

const SEED = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'shop',
          deployments: [
            { reference: 'blue', type: 'custom' as const, name: 'happy-otter-123', env: { A: 'old', B: 'x' } },
          ],
        },
      ],
    },
  ],
};

const PATHS = {
  read: { method: 'GET', path: '/happy-otter-123/**' },
  write: { method: 'POST', path: '/happy-otter-123/**' },
  create: { method: 'POST', path: '**/create_deployment' },
} as const;

const survives = { read: 0, write: 0, create: 0 };
const FAULTS: readonly (readonly [string, FaultEffect, Readonly<Record<keyof typeof PATHS, number>>])[] = [
  ['a reset before the work', { kind: 'reset' }, survives],
  ['a reset after the work', { kind: 'reset', when: 'after' }, survives],
  ['a reset in the body', { kind: 'reset', when: 'mid-body' }, survives],
  ['silence before the work', { kind: 'hang' }, survives],
  ['silence after the work', { kind: 'hang', when: 'after' }, survives],
  ['half of the JSON', { kind: 'truncated' }, survives],
  ['a body of a byte a second', { kind: 'slow', bytesPerSecond: 1 }, survives],
  // Not asked for again: what is too large will be so the next time. The plan goes on without that collection.
  ['a body without an end', { kind: 'huge', bytes: 10 * 1024 ** 3, when: 'after' }, { ...survives, read: 5 }],
  [
    'a redirect to elsewhere',
    { kind: 'redirect', location: 'http://127.0.0.1:9/', when: 'after' },
    { ...survives, read: 5 },
  ],
];

it.each(FAULTS)('%s', async (_, effect, exits) => {
  const ended = await Promise.all(
    (['read', 'write', 'create'] as const).map(async (at) => {
      const sandbox = await startSandbox({ seed: SEED, faults: [{ match: PATHS[at], effect }] });
      try {
        return await inFolder({ 'convex.state.yaml': DOCUMENT }, async (cwd) => {
          const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
          const apply = () => converge(['apply', '--auto-approve', '--timeout', '1500ms'], { cwd, env });
          const first = await apply();
          const second = await apply();
          const made = sandbox.platform.world.teams
            .get(41)
            ?.audit.filter(({ action }) => action === 'deployment:create');
          const variables = Object.fromEntries(sandbox.platform.find('happy-otter-123')?.env ?? []);
          return { at, exits: [first.exit, second.exit], made: made?.length, variables };
        });
      } finally {
        await sandbox.close();
      }
    }),
  );
  expect(ended).toEqual(
    (['read', 'write', 'create'] as const).map((at) => ({
      at,
      exits: [exits[at], 0],
      made: 1,
      variables: { A: 'new', B: 'x' },
    })),
  );
});
