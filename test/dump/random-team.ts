import fc from 'fast-check';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';

/** Texts that have gone wrong somewhere: YAML of old, indicators, escapes, several lines, what cannot be seen. */
export const TRICKY: readonly string[] = [
  '',
  ' ',
  'yes',
  'NO',
  'on',
  'y',
  'null',
  'Null',
  '~',
  'true',
  '012',
  '0o14',
  '0x1F',
  '1e3',
  '1_000',
  '12:30:45',
  '2026-11-21',
  '.5',
  '.inf',
  '-',
  '---',
  '- a',
  '? a',
  ': ',
  'a: b',
  'a #b',
  '#a',
  '{a: b}',
  '[a]',
  '*alias',
  '&anchor',
  '!tag',
  '%YAML 1.1',
  '@at',
  '`tick`',
  '"quoted"',
  "it's",
  '${HOME}',
  '$(rm -rf /)',
  'back\\slash',
  'tab\there',
  ' leading',
  'trailing ',
  'line\n',
  'line\n\n',
  'line\r\n',
  '\n',
  '\r',
  'one\ntwo',
  'one\n  two\n',
  '  one\ntwo',
  'one \ntwo',
  'one\n\n\ntwo\n',
  '# one\n# two',
  '--- one\n... two\n',
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n',
  '{"json": ["a", 1, null]}',
  'a,b',
  'ünïcödé 🦦',
  '\u202Eevil',
  '\uFEFFbom',
  'nel\u0085 ls\u2028 ps\u2029',
  '\u0000',
  'nul\u0000inside',
  'bad\uFFFDbytes',
  '\u001B[31mred',
  'x'.repeat(8000),
];

/** What no source can give, and so no default dump declares. */
export function isImpossible(value: string): boolean {
  return value.includes('\0') || value.includes('\uFFFD');
}

const NAMES = [
  'STRIPE_KEY', 'LOG_LEVEL', 'FEATURE_X', 'API_URL', 'on', 'null', 'true', '__proto__', 'constructor', 'CONVEX_DEPLOY_KEY',
  'CONVERGE_X', 'GITHUB_TOKEN', 'PATH', 'NODE_OPTIONS', 'stripe_key', 'sops', 'STRIPE_KEY__SHOP', 'STRIPE_KEY__SHOP__STAGING', 'TLS_CERT', 'A', '_',
]; // prettier-ignore

const value = fc.oneof(
  fc.constantFrom(...TRICKY),
  fc.constantFrom('info', 'debug', 'https://api.acme.com/hooks', 'sandbox-stripe-key-1', 'sandbox-stripe-key-2', '50'),
  fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => text.isWellFormed()),
);
const env = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 10 });

/** What all of some deployments share. */
const shared = fc.dictionary(fc.constantFrom('SHARED_A', 'SHARED_B', 'SHARED_SECRET', 'LOG_LEVEL'), value);

const deployment = fc.record(
  {
    type: fc.constantFrom('prod', 'dev', 'custom', 'preview'),
    class: fc.constantFrom('s16', 's256'),
    region: fc.constantFrom('aws-us-east-1', 'aws-eu-west-1'),
    env,
    shares: fc.integer({ min: 0, max: 3 }),
    expiresInMs: fc.constantFrom(86_400_000, 172_800_123),
    sendLogsToClient: fc.boolean(),
    dashboardEditConfirmation: fc.boolean(),
    domains: fc.uniqueArray(fc.constantFrom('api', 'www', 'xn--bcher-kva'), { maxLength: 2 }),
    canonical: fc.boolean(),
  },
  { requiredKeys: ['type', 'env', 'shares', 'domains', 'canonical'] },
);

const project = fc.record({
  name: fc.oneof(
    fc.constantFrom('shop', 'Acme Shop', 'yes', '123', 'a: b #c', 'null', ' x\ny: z'),
    fc
      .string({ unit: 'grapheme', minLength: 3, maxLength: 40 })
      .filter((text) => text.length >= 3 && text.length <= 128),
  ),
  slug: fc.constantFrom('shop', 'SHOP', 'common', 'team', '012', 'on_off', '__proto__', 'a-b', 'billing', 'null'),
  deployments: fc.array(deployment, { maxLength: 5 }),
});

export interface RandomTeam {
  readonly seed: SandboxSeed;
  /** How much no document can declare, as a plan counts it: previews, and what no source can give. */
  readonly undeclarable: (mode: { readonly clear: boolean; readonly all: boolean }) => number;
}

/** A team, one in four of them large in variables that are shared. */
export const randomTeam: fc.Arbitrary<RandomTeam> = fc
  .tuple(fc.uniqueArray(project, { minLength: 1, maxLength: 5, selector: ({ slug }) => slug }), shared, shared)
  .map(([projects, one, other]) => {
    const made = projects.map(({ name, slug, deployments }, p) => {
      let hasDefault = false;
      return {
        name,
        slug,
        deployments: deployments.map(({ type, env: own, shares, domains, canonical, expiresInMs, ...rest }, d) => {
          const isDefault = type === 'prod' && !hasDefault;
          if (isDefault) hasDefault = true;
          const hosts = domains.map((label) => `${label}.p${p}d${d}.example.com`);
          const [host] = hosts;
          return {
            ...rest,
            type,
            reference: type === 'preview' ? `preview/pr-${d}` : `${type}/x-${d}`,
            ...(type === 'prod' ? { default: isDefault } : {}),
            ...(type !== 'prod' && expiresInMs !== undefined ? { expiresInMs } : {}),
            env: { ...((shares & 1) === 0 ? {} : one), ...((shares & 2) === 0 ? {} : other), ...own },
            domains: hosts.map((domain) => ({ domain, destination: 'convexCloud' as const, verified: true })),
            ...(canonical && host !== undefined ? { canonicalUrls: { convexCloud: `https://${host}` } } : {}),
          };
        }),
      };
    });
    return {
      seed: { teams: [{ slug: 'acme', id: 41, projects: made }] },
      undeclarable({ clear, all }) {
        const isLeft = (text: string): boolean => (clear ? text.includes('\0') : isImpossible(text));
        return made.reduce((sum, { deployments }) => {
          const declared = deployments.filter(({ type }) => type !== 'preview');
          // A collection without any declared member is not managed, and so not looked into.
          const previews = declared.length > 0 || all ? deployments.length - declared.length : 0;
          const left = declared.map(({ env: variables }) => {
            const values = Object.values(variables);
            const count = values.filter(isLeft).length;
            return count < values.length || all ? count : 0;
          });
          return left.reduce((one, another) => one + another, sum + previews);
        }, 0);
      },
    };
  });
