// What a proposal writes, where, and what it refuses.
import { expect, test } from 'vitest';
import { diffText } from '../../src/report/proposal-text.ts';
import { proposing } from './proposing.ts';

const seed = (env: Readonly<Record<string, string>>, staging: Readonly<Record<string, string>> = {}) => ({
  teams: [
    {
      slug: 'acme',
      id: 41,
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: [
            { reference: 'production', type: 'prod' as const, default: true, class: 's256', env },
            { reference: 'staging', type: 'dev' as const, class: 's16', env: staging },
          ],
        },
      ],
    },
  ],
});

test('first', async () => {
  const state = `version: 1
team: acme
policy: { prune: [env] }
projects:
  - slug: shop
    name: Old Shop # name
    deployments:
      - reference: production
        type: prod
        class: s16
        env:
          # level
          LOG_LEVEL: "info"   # why
          GONE: debug
          # keep
          STRIPE_KEY: sk_live_abcdefgh1
      - { reference: staging, type: dev, env: { LOG_LEVEL: info, GONE: info } }
      - reference: old
        type: dev
`;
  await proposing(
    {
      files: { 'convex.state.yaml': state },
      seed: seed({ LOG_LEVEL: 'debug', STRIPE_KEY: 'sk_live_abcdefgh2', NEW: 'on' }, { LOG_LEVEL: 'warn' }),
    },
    async ({ after, prepared, planAfter }) => {
      console.log(after['convex.state.yaml']);
      console.log(prepared.proposal.files.map(diffText).join(''));
      console.log(prepared.proposal.refused, prepared.proposal.toSet);
      const plan = await planAfter({ STRIPE_KEY: 'sk_live_abcdefgh2' });
      expect(plan.changes).toEqual([]);
    },
  );
});
