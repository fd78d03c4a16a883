// What a proposal writes, where it writes it, and what it refuses.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import { diffText } from '../../src/report/proposal-text.ts';
import { inFolder } from '../kit/scratch.ts';
import { proposer, type Proposing } from './proposing.ts';

const propose = proposer();

type Deployments = readonly object[];

function seedOf(deployments: Deployments): SandboxSeed {
  return {
    teams: [{ slug: 'acme', id: 41, projects: [{ name: 'Shop', slug: 'shop', deployments: deployments as never }] }],
  };
}

const dev = (reference: string, env: Readonly<Record<string, string>> = {}, more: object = {}) => ({
  reference,
  type: 'dev' as const,
  env,
  ...more,
});

/** A document with these deployments, each as lines that stand at their indentation. */
function documentOf(lines: string, top = ''): string {
  return `version: 1
team: acme
policy: { prune: [env, domains, deployments] }
${top}projects:
  - slug: shop
    deployments:
${lines}`;
}

const P = 'project:shop/deployment:';

/** What is left of a plan after the proposal, of what was not refused. */
async function settled({ prepared, planAfter }: Proposing, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const refused = new Set(prepared.proposal.refused.map(({ address }) => String(address)));
  const { changes } = await planAfter(env);
  expect(changes.map(({ address }) => String(address)).filter((address) => !refused.has(address))).toEqual([]);
}

interface Case {
  readonly says: string;
  readonly top?: string;
  readonly live: Deployments;
  readonly env?: Readonly<Record<string, string>>;
  /** The edited lines of the document, from the first that differs. */
  readonly becomes?: string;
  readonly topBecomes?: string;
  readonly refused?: readonly (readonly [string, RegExp])[];
  readonly toSet?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
}

const CASES: Readonly<Record<string, Case>> = {
  'in place, in the quotes that are there': {
    says: `      - reference: one
        type: dev
        env:
          LOG_LEVEL: "info"   # why
          APP_MODE: 'fast'
          PLAIN_MODE: fast
          LONG_MODE: { visible: true, value: fast } # visible
`,
    live: [dev('one', { LOG_LEVEL: 'debug', APP_MODE: 'slow', PLAIN_MODE: 'on', LONG_MODE: 'dark' })],
    becomes: `      - reference: one
        type: dev
        env:
          LOG_LEVEL: "debug"   # why
          APP_MODE: 'slow'
          PLAIN_MODE: "on"
          LONG_MODE: { visible: true, value: dark } # visible
`,
  },
  'a secret becomes a reference, whatever stood there': {
    says: `      - reference: one
        type: dev
        env:
          STRIPE_KEY: sk_live_old00000000
          OTHER_KEY: { value: sk_live_old00000000, visible: false }
          CERT: |  # pem
            -----BEGIN
            abc

          GONE_KEY: { absent: true }
          TAGGED_KEY: !!str old
`,
    live: [
      dev('one', {
        STRIPE_KEY: 'sk_live_new1',
        OTHER_KEY: 'sk_live_new2',
        CERT: 'x\ny\n',
        GONE_KEY: 'sk_live_new3',
        TAGGED_KEY: 'sk_live_new4',
      }),
    ],
    becomes: `      - reference: one
        type: dev
        env:
          STRIPE_KEY: { fromEnv: STRIPE_KEY }
          OTHER_KEY: { fromEnv: OTHER_KEY, visible: false }
          CERT: { fromEnv: CERT }  # pem

          GONE_KEY: { fromEnv: GONE_KEY }
          TAGGED_KEY: { fromEnv: TAGGED_KEY }
`,
    toSet: ['CERT', 'GONE_KEY', 'OTHER_KEY', 'STRIPE_KEY', 'TAGGED_KEY'],
    set: {
      TAGGED_KEY: 'sk_live_new4',
      STRIPE_KEY: 'sk_live_new1',
      OTHER_KEY: 'sk_live_new2',
      CERT: 'x\ny\n\n',
      GONE_KEY: 'sk_live_new3',
    },
  },
  'a member goes with its own lines and its own comment': {
    says: `      - reference: one
        type: dev
        env:
          # the first
          A_MODE: fast
          # the second,
          # in two lines
          B_MODE: |
            fast

            slow
            # no comment
          # the third

          C_MODE: fast
      - reference: two
        type: dev
        env:
          # alone
          A_MODE: fast
        domains:
          - domain: api.acme.com # the only one
            destination: convexCloud
      - reference: three
        type: dev
        env: { A_MODE: fast, B_MODE: slow, C_MODE: dark, }
`,
    live: [dev('one', { A_MODE: 'fast', C_MODE: 'fast' }), dev('two'), dev('three', { B_MODE: 'slow' })],
    becomes: `      - reference: one
        type: dev
        env:
          # the first
          A_MODE: fast
          # the third

          C_MODE: fast
      - reference: two
        type: dev
        env: {}
        domains: []
      - reference: three
        type: dev
        env: { B_MODE: slow, }
`,
  },
  'a deployment goes whole, and the last one leaves an empty list': {
    says: `      # it was for a trial
      - reference: trial
        type: dev
        env:
          A_MODE: fast
          # B_MODE: slow
      # and this one stays a comment of its own

`,
    live: [],
    becomes: `      # and this one stays a comment of its own

`,
    topBecomes: 'deployments: []',
  },
  'undeclared things are added where their siblings are': {
    says: `      - reference: one
        type: dev
        envFrom: [common]
        domains: [{ domain: api.acme.com, destination: convexCloud }]
      - { reference: two, type: dev, env: {} }
      - reference: three
        type: dev
        env: {
          A_MODE: fast, # the one
          B_MODE: slow
        }
        domains:
          - { domain: www.acme.com, destination: convexSite }
        # of three
`,
    top: 'envSets: { common: { A_MODE: fast } }\n',
    live: [
      dev(
        'one',
        { A_MODE: 'fast', N_MODE: 'dark' },
        {
          domains: [
            { domain: 'api.acme.com', destination: 'convexCloud' },
            { domain: 'new.acme.com', destination: 'convexSite' },
          ],
        },
      ),
      dev('two', { N_MODE: 'dark', M_MODE: 'on' }),
      dev(
        'three',
        { A_MODE: 'fast', B_MODE: 'slow', N_MODE: 'dark' },
        {
          domains: [
            { domain: 'www.acme.com', destination: 'convexSite' },
            { domain: 'new3.acme.com', destination: 'convexCloud' },
          ],
        },
      ),
      dev('fresh', {}, { class: 's256', region: 'aws-eu-west-1' }),
    ],
    becomes: `      - reference: one
        type: dev
        envFrom: [common]
        env:
          N_MODE: dark
        domains: [{ domain: api.acme.com, destination: convexCloud }, { domain: new.acme.com, destination: convexSite }]
      - { reference: two, type: dev, env: { M_MODE: "on", N_MODE: dark } }
      - reference: three
        type: dev
        env: {
          A_MODE: fast, # the one
          B_MODE: slow,
          N_MODE: dark
        }
        domains:
          - { domain: www.acme.com, destination: convexSite }
          - { domain: new3.acme.com, destination: convexCloud }
        # of three
      - reference: fresh
        type: dev
        class: s256
        region: aws-eu-west-1
`,
  },
  'a value of a set: of one only, it is said in the entry; of all, in the set': {
    top: `envSets:
  common:
    A_MODE: fast # of all
    B_MODE: fast
`,
    says: `      - reference: one
        type: dev
        envFrom: [common]
      - reference: two
        type: dev
        envFrom: [common]
        env: {}
`,
    live: [dev('one', { A_MODE: 'slow' }), dev('two', { A_MODE: 'slow', B_MODE: 'fast' })],
    topBecomes: `envSets:
  common:
    A_MODE: slow # of all
    B_MODE: fast
`,
    becomes: `      - reference: one
        type: dev
        envFrom: [common]
        env:
          B_MODE: { absent: true }
      - reference: two
        type: dev
        envFrom: [common]
        env: {}
`,
  },
  'a default: said in the entry, or changed where all entries want the same': {
    top: 'defaults: { class: s16, dashboardEditConfirmation: true }\n',
    says: `      - reference: one
        type: dev
      - { reference: two, type: dev }
`,
    live: [
      dev('one', {}, { class: 's16', dashboardEditConfirmation: false }),
      dev('two', {}, { class: 's256', dashboardEditConfirmation: false }),
    ],
    topBecomes: 'defaults: { class: s16, dashboardEditConfirmation: false }\n',
    becomes: `      - reference: one
        type: dev
      - { reference: two, class: s256, type: dev }
`,
  },
  'anchors: the one place of all who want the same, else an own place': {
    top: `x-env: &shared
  A_MODE: fast
  B_MODE: fast
x-level: &level info
`,
    says: `      - reference: one
        type: dev
        env: *shared
      - reference: two
        type: dev
        env: { <<: *shared, LOG_LEVEL: *level }
      - reference: three
        type: dev
        env: { LOG_LEVEL: *level, N_MODE: &here dark }
      - reference: four
        type: dev
        env: { N_MODE: *here }
`,
    live: [
      dev('one', { A_MODE: 'slow', B_MODE: 'fast', NEW_MODE: 'on' }),
      dev('two', { A_MODE: 'slow', B_MODE: 'light', LOG_LEVEL: 'warn' }),
      dev('three', { LOG_LEVEL: 'warn', N_MODE: 'dark' }),
      dev('four', { N_MODE: 'pretty' }),
    ],
    topBecomes: `x-env: &shared
  A_MODE: slow
  B_MODE: fast
x-level: &level warn
`,
    becomes: `      - reference: one
        type: dev
        env: { <<: *shared, NEW_MODE: "on" }
      - reference: two
        type: dev
        env: { <<: *shared, LOG_LEVEL: *level, B_MODE: light }
      - reference: three
        type: dev
        env: { LOG_LEVEL: *level, N_MODE: &here dark }
      - reference: four
        type: dev
        env: { N_MODE: pretty }
`,
  },
  'an anchor that others use is not taken away, nor changed for them': {
    says: `      - reference: one
        type: dev
        env: { A_MODE: &mode fast, B_MODE: &other fast }
      - reference: two
        type: dev
        env: { A_MODE: *mode, B_MODE: *other }
`,
    live: [dev('one', { A_MODE: 'slow' }), dev('two', { A_MODE: 'fast', B_MODE: 'fast' })],
    refused: [
      [
        `${P}one/env-var:A_MODE`,
        /convex.state.yaml:9 says it also for project:shop\/deployment:two\/env-var:A_MODE, of which it is not so; .*write it apart/,
      ],
      [`${P}one/env-var:B_MODE`, /holds the anchor `&other`/],
    ],
  },
  'a variable of the runner: set anew where all who use it want the same, else one of its own': {
    env: { STRIPE_KEY: 'sk_live_old', LOG_LEVEL: 'info' },
    says: `      - reference: one
        type: dev
        env: { STRIPE_KEY: { fromEnv: STRIPE_KEY }, LOG_LEVEL: { fromEnv: LOG_LEVEL } }
      - reference: two
        type: dev
        env: { STRIPE_KEY: { fromEnv: STRIPE_KEY }, LOG_LEVEL: { fromEnv: LOG_LEVEL } }
`,
    live: [
      dev('one', { STRIPE_KEY: 'sk_live_new1', LOG_LEVEL: 'debug' }),
      dev('two', { STRIPE_KEY: 'sk_live_old', LOG_LEVEL: 'debug' }),
    ],
    becomes: `      - reference: one
        type: dev
        env: { STRIPE_KEY: { fromEnv: STRIPE_KEY__SHOP__ONE }, LOG_LEVEL: { fromEnv: LOG_LEVEL } }
      - reference: two
        type: dev
        env: { STRIPE_KEY: { fromEnv: STRIPE_KEY }, LOG_LEVEL: { fromEnv: LOG_LEVEL } }
`,
    toSet: ['LOG_LEVEL', 'STRIPE_KEY__SHOP__ONE'],
    set: { LOG_LEVEL: 'debug', STRIPE_KEY__SHOP__ONE: 'sk_live_new1' },
  },
  'a rename that is due, and what cannot be declared': {
    says: `      - reference: new-name
        type: dev
        renamedFrom: old-name
`,
    live: [dev('old-name'), { reference: 'preview/pr-1', type: 'preview', env: {} }],
    refused: [
      [`${P}new-name`, /a rename is due \(`renamedFrom`\)/],
      [`${P}preview%2Fpr-1`, /preview deployments cannot be declared/],
    ],
  },
};

describe.each(Object.entries(CASES))('%s', (_, given) => {
  const { says, top = '', live, env = {}, refused = [], toSet = [], set = {} } = given;
  const made = async (eol: string): Promise<Proposing> => {
    const text = documentOf(says, top).replaceAll('\n', eol);
    return propose({ files: { 'convex.state.yaml': text }, seed: seedOf(live), env });
  };
  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('%s', async (_name, eol) => {
    const found = await made(eol);
    const { proposal } = found.prepared;
    const said = documentOf(
      given.becomes ?? says,
      given.topBecomes?.startsWith('deployments') === true ? top : (given.topBecomes ?? top),
    );
    const wanted =
      given.topBecomes?.startsWith('deployments') === true ? said.replace('deployments:', given.topBecomes) : said;
    expect(found.after['convex.state.yaml']?.replaceAll(eol, '\n')).toBe(wanted);
    expect(proposal.refused.map(({ address }) => String(address))).toEqual(refused.map(([address]) => address));
    for (const [index, [, why]] of refused.entries()) expect(proposal.refused[index]?.why).toMatch(why);
    expect(proposal.toSet.map(({ name }) => name)).toEqual(toSet);
    await settled(found, set);
  });
});

test('what files and programs give is changed there', async () => {
  const text = documentOf(`      - reference: one
        type: dev
        envFrom: [{ file: one.env }]
        env:
          KEY_FILE: { fromFile: key.txt }
          STRIPE_KEY: sk_live_literal1
`);
  await inFolder({ 'one.env': 'A_MODE=fast\nB_MODE=fast\n', 'key.txt': 'old' }, async (cwd) => {
    const found = await propose({
      files: { 'convex.state.yaml': text },
      seed: seedOf([dev('one', { A_MODE: 'slow', B_MODE: 'fast', KEY_FILE: 'new', STRIPE_KEY: 'sk_live_literal1' })]),
      cwd: join(cwd),
    });
    expect(found.prepared.files).toEqual([]);
    expect(found.prepared.proposal.refused).toEqual([
      {
        address: `${P}one/env-var:A_MODE`,
        why: expect.stringContaining('it is said by one.env, which is no state file') as unknown,
      },
      {
        address: `${P}one/env-var:KEY_FILE`,
        why: expect.stringContaining('its value comes from fromFile key.txt: change it there') as unknown,
      },
    ]);
  });
});

const SELECTED = `version: 1
team: acme
projects:
  - slug: shop
    eachDeployment:
      - match: { type: dev }
        policy: { prune: [env] }
        class: s16
        env: { A_MODE: fast, B_MODE: fast }
`;

test('what a selector asks for: for all that it means, or not at all', async () => {
  const live = [
    dev('one', { A_MODE: 'slow', B_MODE: 'slow', C_MODE: 'on' }, { class: 's256' }),
    dev('two', { A_MODE: 'slow', B_MODE: 'fast' }, { class: 's256' }),
  ];
  const found = await propose({ files: { 'convex.state.yaml': SELECTED }, seed: seedOf(live) });
  expect(found.after['convex.state.yaml']).toBe(
    SELECTED.replace('A_MODE: fast', 'A_MODE: slow').replace('s16', 's256'),
  );
  expect(found.prepared.proposal.refused).toEqual([
    {
      address: `${P}one/env-var:B_MODE`,
      why: expect.stringMatching(/also for .*two\/env-var:B_MODE.*entry of its own/) as unknown,
    },
    {
      address: `${P}one/env-var:C_MODE`,
      why: expect.stringMatching(/eachDeployment.* governs it, and others like it/) as unknown,
    },
  ]);
  await settled(found);
});

test('several files and documents: each is edited where it says it', async () => {
  const files = {
    'blog.yaml':
      'version: 1\nprojects: [{ slug: blog, deployments: [{ reference: one, type: dev, env: { A_MODE: fast } }] }]\n',
    'shop.yaml':
      '\uFEFFversion: 1\nenvSets: { all: { A_MODE: fast } }\n---\nversion: 1\nprojects:\n- slug: shop\n  name: Old # by us\n  deployments:\n  - reference: one\n    envFrom: [all]',
    'team.yaml': 'version: 1\nteam: acme\npolicy: { prune: [env, projects] }\n',
  };
  const seed: SandboxSeed = {
    teams: [
      {
        slug: 'acme',
        id: 41,
        projects: [
          { name: 'Shop', slug: 'shop', deployments: [dev('one', { A_MODE: 'slow', B_MODE: 'on' })] },
          { name: 'Blog', slug: 'blog', deployments: [dev('one', { A_MODE: 'dark' })] },
          { name: 'My Fresh', slug: 'fresh' },
        ],
      },
    ],
  };
  const found = await propose({ files, seed });
  expect(found.after).toEqual({
    'blog.yaml': files['blog.yaml'].replace('fast', 'dark').replace('}] }]', '}] }, { slug: fresh, name: My Fresh }]'),
    'shop.yaml': files['shop.yaml']
      .replace('fast', 'slow')
      .replace('Old', 'Shop')
      .concat('\n    env:\n      B_MODE: "on"'),
    'team.yaml': files['team.yaml'],
  });
  await settled(found);
  const part = await propose({ files, seed, scope: { target: ['project:blog/**'], exclude: [] } });
  expect(part.prepared.files.map(({ path }) => path)).toEqual(['blog.yaml']);
});

test('the catalog: fields and variables are edited, an undeclared deployment is not', async () => {
  const text =
    documentOf(`      - { reference: one, type: dev, region: aws-us-east-1, class: s16, env: { A_MODE: fast } }
`);
  const found = await propose({
    files: { 'convex.state.yaml': text },
    seed: seedOf([
      dev('one', { A_MODE: 'slow' }, { class: 's256', region: 'aws-us-east-1' }),
      { reference: 'two', type: 'prod', default: true, env: {} },
    ]),
    dialect: 'catalog',
  });
  expect(found.after['convex.state.yaml']).toBe(text.replace('s16', 's256').replace('fast', 'slow'));
  expect(found.prepared.proposal.refused).toEqual([
    {
      address: expect.stringContaining('deployment:@') as unknown,
      why: expect.stringContaining('this API does not keep') as unknown,
    },
  ]);
});

test('the diff shows no value that a dump would not, nor what a comment keeps of one', async () => {
  const text = documentOf(`      - reference: one
        type: dev
        env:
          # STRIPE_KEY: sk_live_inComment1234
          # ask the payments team
          STRIPE_KEY: sk_live_literal12345
          OTHER_KEY: sk_live_context12345
          LOG_LEVEL: info
`);
  const { prepared } = await propose({
    files: { 'convex.state.yaml': text },
    seed: seedOf([
      dev('one', { STRIPE_KEY: 'sk_live_live123456', OTHER_KEY: 'sk_live_context12345', LOG_LEVEL: 'debug' }),
    ]),
  });
  expect(prepared.proposal.files.map(diffText)).toEqual([
    `--- a/convex.state.yaml
+++ b/convex.state.yaml
@@ -9,6 +9,6 @@
         env:
           …
           # ask the payments team
-          STRIPE_KEY: …
+          STRIPE_KEY: { fromEnv: STRIPE_KEY }
           OTHER_KEY: …
-          LOG_LEVEL: info
+          LOG_LEVEL: debug
`,
  ]);
  expect(JSON.stringify(prepared.proposal)).not.toContain('sk_live');
});
