/** One package of the corpus, with the uses that a person found in it with grep. */
export interface CorpusPackage {
  /** `name@version`, as npm takes it. */
  readonly spec: string;
  /** The folder that is read as the app's functions. */
  readonly functions: string;
  /** `file:line NAME`, outside of comments, texts, tests and generated files, writes left out; sorted. */
  readonly uses: readonly string[];
  /** `file:line` of places where a name is computed or all variables are handed on. */
  readonly open?: readonly string[];
}

/**
 * What of npm holds Convex functions: official components, whose sources are in their packages, and `convex` itself. The
 * official templates are not on npm (create-convex fetches them from elsewhere).
 */
export const CORPUS: readonly CorpusPackage[] = [
  {
    spec: '@convex-dev/action-retrier@0.3.1',
    functions: 'src',
    uses: [94, 97, 101, 104].map((line) => `src/client/index.ts:${line} ACTION_RETRIER_LOG_LEVEL`),
  },
  { spec: '@convex-dev/agent@0.6.4', functions: 'src', uses: ['src/client/search.ts:677 CONVEX_CLOUD_URL'] },
  { spec: '@convex-dev/aggregate@0.3.1', functions: 'src', uses: [] },
  {
    spec: '@convex-dev/auth@0.0.95',
    functions: 'src',
    uses: [
      'src/cli/index.ts:655 CONVEX_DEPLOYMENT',
      'src/cli/index.ts:657 CONVEX_DEPLOYMENT',
      'src/cli/index.ts:659 CONVEX_DEPLOYMENT',
      'src/nextjs/client.tsx:65 NEXT_PUBLIC_CONVEX_URL',
      'src/server/cookies.ts:41 CONVEX_SITE_URL',
      'src/server/implementation/index.ts:202 CONVEX_SITE_URL',
      'src/server/implementation/index.ts:204 CONVEX_SITE_URL',
      'src/server/implementation/index.ts:206 CONVEX_SITE_URL',
      'src/server/implementation/index.ts:224 JWKS',
      'src/server/implementation/redirects.ts:57 SITE_URL',
      'src/server/implementation/refreshTokens.ts:23 AUTH_SESSION_INACTIVE_DURATION_MS',
      'src/server/implementation/sessions.ts:96 AUTH_SESSION_TOTAL_DURATION_MS',
      'src/server/implementation/signIn.ts:240 CONVEX_SITE_URL',
      'src/server/implementation/signIn.ts:240 CUSTOM_AUTH_SITE_URL',
      'src/server/implementation/tokens.ts:20 JWT_PRIVATE_KEY',
      'src/server/implementation/tokens.ts:45 CONVEX_SITE_URL',
      'src/server/implementation/utils.ts:49 AUTH_LOG_LEVEL',
      'src/server/implementation/utils.ts:78 AUTH_LOG_SECRETS',
      'src/server/oauth/convexAuth.ts:13 CONVEX_SITE_URL',
      'src/server/oauth/convexAuth.ts:13 CUSTOM_AUTH_SITE_URL',
      'src/server/oauth/convexAuth.ts:36 CONVEX_SITE_URL',
    ],
    open: ['src/server/provider_utils.ts:83', 'src/server/provider_utils.ts:90'],
  },
  {
    spec: '@convex-dev/better-auth@0.12.5',
    functions: 'src',
    uses: [
      'src/auth-config.ts:75 CONVEX_SITE_URL',
      'src/auth-config.ts:80 CONVEX_SITE_URL',
      'src/client/create-client.ts:414 CONVEX_SITE_URL',
      'src/client/create-client.ts:534 CONVEX_SITE_URL',
      'src/plugins/convex/index.ts:182 CONVEX_SITE_URL',
      'src/plugins/convex/index.ts:183 CONVEX_SITE_URL',
      'src/plugins/convex/index.ts:191 CONVEX_SITE_URL',
      'src/test/adapter-factory/auth-flow.ts:103 TZ',
    ],
  },
  {
    spec: '@convex-dev/geospatial@0.2.1',
    functions: 'src',
    uses: [102, 105, 109, 112].map((line) => `src/client/index.ts:${line} GEOSPATIAL_LOG_LEVEL`),
  },
  {
    spec: '@convex-dev/launchdarkly@0.4.0',
    functions: 'src',
    uses: ['src/sdk/LaunchDarkly.ts:69 LAUNCHDARKLY_SDK_KEY'],
  },
  {
    spec: '@convex-dev/polar@0.9.2',
    functions: 'src',
    uses: [
      'src/client/index.ts:89 POLAR_ORGANIZATION_TOKEN',
      'src/client/index.ts:91 POLAR_WEBHOOK_SECRET',
      'src/client/index.ts:94 POLAR_SERVER',
    ],
  },
  {
    spec: '@convex-dev/r2@0.10.2',
    functions: 'src',
    uses: [
      'src/client/index.ts:157 R2_BUCKET',
      'src/client/index.ts:159 R2_ENDPOINT',
      'src/client/index.ts:163 R2_ACCESS_KEY_ID',
      'src/client/index.ts:167 R2_SECRET_ACCESS_KEY',
    ],
  },
  { spec: '@convex-dev/rag@0.7.6', functions: 'src', uses: [] },
  {
    spec: '@convex-dev/resend@0.2.8',
    functions: 'src',
    uses: ['src/client/index.ts:45 RESEND_API_KEY', 'src/client/index.ts:46 RESEND_WEBHOOK_SECRET'],
  },
  {
    spec: '@convex-dev/stripe@0.1.6',
    functions: 'src',
    uses: [
      'src/client/index.ts:41 STRIPE_SECRET_KEY',
      'src/client/index.ts:453 STRIPE_WEBHOOK_SECRET',
      'src/client/index.ts:468 STRIPE_SECRET_KEY',
    ],
  },
  {
    spec: '@convex-dev/twilio@0.2.2',
    functions: 'src',
    uses: [
      'src/client/index.ts:158 CONVEX_SITE_URL',
      'src/client/index.ts:180 CONVEX_SITE_URL',
      'src/client/index.ts:48 TWILIO_ACCOUNT_SID',
      'src/client/index.ts:50 TWILIO_AUTH_TOKEN',
    ],
  },
  {
    spec: '@convex-dev/workos-authkit@0.2.9',
    functions: 'src',
    uses: [
      'src/client/index.ts:76 WORKOS_CLIENT_ID',
      'src/client/index.ts:80 WORKOS_API_KEY',
      'src/client/index.ts:84 WORKOS_WEBHOOK_SECRET',
      'src/client/index.ts:97 WORKOS_ACTION_SECRET',
    ],
  },
  { spec: '@convex-dev/workflow@0.4.8', functions: 'src', uses: [] },
  { spec: 'convex@1.48.0', functions: 'src/nextjs', uses: ['src/nextjs/index.ts:228 NEXT_PUBLIC_CONVEX_URL'] },
];
