// A team as it is, a document as somebody wrote it, and what the team must be like after: all as data, so that a failing
// case can be shrunk, printed and kept.
import fc from 'fast-check';

export type DeploymentType = 'prod' | 'dev' | 'custom';
export type Destination = 'convexCloud' | 'convexSite';

export interface DeploymentCase {
  readonly reference: string;
  readonly type: DeploymentType;
  readonly default?: boolean;
  readonly class?: string;
  readonly region?: string;
  readonly sendLogsToClient?: boolean | null;
  /** null only in a document: `{ absent: true }`. */
  readonly env?: Readonly<Record<string, string | null>>;
  readonly domains?: Readonly<Record<string, Destination>>;
  /** null only in a document: back to the platform's default. */
  readonly canonicalUrls?: Readonly<Partial<Record<Destination, string | null>>>;
  readonly renamedFrom?: string;
}

export interface ProjectCase {
  readonly slug: string;
  readonly name?: string;
  /** By type. Live only. */
  readonly defaultEnv?: Readonly<Partial<Record<DeploymentType, Readonly<Record<string, string>>>>>;
  readonly deployments?: readonly DeploymentCase[];
  readonly renamedFrom?: string;
}

export type Prune = 'projects' | 'deployments' | 'env' | 'domains';

export interface Scenario {
  readonly live: readonly ProjectCase[];
  readonly wanted: readonly ProjectCase[];
  readonly prune: readonly Prune[];
  readonly maxDeletePercent: number;
  readonly protect: readonly string[];
  /** Everything that holds data may go, by kind and by name. */
  readonly consents: boolean;
  /** So many projects of others beside, made later: what the document is about is on the second page. */
  readonly crowd?: number;
}

/** Every value of a variable begins like this, and nothing else does: where it is seen, one has leaked. */
export const CANARY = 'cnry';

/** Two that the platform derives from themselves, two that it does not. */
const SLUGS = ['alpha', 'beta-two', 'gamma_3', 'Delta'] as const;
const NAMES = ['A', 'B_2', 'LONGER_NAME', 'D'] as const;
const HOSTS = ['api.acme.com', 'www.acme.com', 'hooks.acme.dev'] as const;
const TYPES: Readonly<Record<string, DeploymentType>> = { production: 'prod', staging: 'custom', 'qa/one': 'dev' };

const value = fc.constantFrom(...[1, 2, 3, 4].map((n) => `${CANARY}-${String(n)} "ü\\${String(n)}`));
const env = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 4, noNullPrototype: true });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const classes = fc.constantFrom('s16', 's256');
/** Another one replaces the deployment, which is refused for production, so it is rare. */
const regions = fc.constantFrom(...Array.from({ length: 9 }, () => 'aws-us-east-1'), 'aws-eu-west-1');
const destination = fc.constantFrom<Destination>('convexCloud', 'convexSite');
const url = fc.constantFrom('https://else.example.com', ...HOSTS.map((host) => `https://${host}`));

/** Any team and any document: many of them refused, for one reason or another. `small`: where each is run a thousand times. */
export function anyScenario({ small = false } = {}): fc.Arbitrary<Scenario> {
  const slugs = small ? SLUGS.slice(1, 3) : SLUGS;
  const references = Object.keys(TYPES).slice(0, small ? 2 : 3);
  const liveDeployment = (reference: string) =>
    fc.record({
      reference: fc.constant(reference),
      type: fc.constant(TYPES[reference] ?? 'custom'),
      default: fc.boolean(),
      class: classes,
      region: regions,
      sendLogsToClient: fc.constantFrom(null, true, false),
      env,
      canonicalUrls: fc.dictionary(destination, url, { maxKeys: 2, noNullPrototype: true }),
    });
  const liveProject = (slug: string) =>
    fc.record({
      slug: fc.constant(slug),
      name: fc.constantFrom(`The ${slug}`, slug),
      defaultEnv: maybe(fc.record({ custom: env, prod: env })),
      deployments: some(references, liveDeployment),
    });
  const entry = (reference: string) =>
    fc.record({
      reference: fc.constant(reference),
      type: fc.constant(TYPES[reference] ?? 'custom'),
      default: maybe(fc.boolean()),
      class: maybe(classes),
      region: maybe(regions),
      sendLogsToClient: maybe(fc.constantFrom(null, true, false)),
      env: maybe(
        fc.dictionary(fc.constantFrom(...NAMES), fc.option(value, { nil: null, freq: 4 }), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
      domains: maybe(fc.constant({})),
      canonicalUrls: maybe(
        fc.dictionary(destination, fc.option(url, { nil: null, freq: 3 }), { maxKeys: 2, noNullPrototype: true }),
      ),
    });
  const wantedProject = (slug: string) =>
    fc.record({
      slug: fc.constant(slug),
      name: maybe(fc.constantFrom(`The ${slug}`, 'Another name')),
      deployments: maybe(some(references, entry)),
    });
  return fc
    .record({
      live: some(slugs, liveProject),
      wanted: some(slugs, wantedProject),
      liveHosts: fc.array(fc.tuple(fc.nat(20), destination), { minLength: 3, maxLength: 3 }),
      wantedHosts: fc.array(fc.tuple(fc.nat(20), destination), { minLength: 3, maxLength: 3 }),
      prune: fc
        .tuple(
          // What holds data is pruned seldom: a production deployment somewhere in it refuses it all.
          fc.constantFrom<Prune[]>([], [], [], ['deployments'], ['projects', 'deployments'], ['projects']),
          fc.subarray<Prune>(['env', 'domains']),
        )
        .map(([data, others]) => [...data, ...others]),
      maxDeletePercent: fc.constantFrom(30, 100, 100, 100),
      protect: fc.constantFrom<string[]>([], [], [], ['project:alpha'], ['**/deployment:staging']),
      consents: fc.constantFrom(true, true, true, false),
      crowd: fc.constantFrom(...Array.from({ length: 15 }, () => 0), small ? 0 : 120),
    })
    .map(({ liveHosts, wantedHosts, ...drawn }) =>
      tidy({
        ...drawn,
        live: withHosts(defined(drawn.live) as ProjectCase[], liveHosts),
        wanted: withHosts(defined(drawn.wanted) as ProjectCase[], wantedHosts),
      }),
    );
}

/** Some of these, in order, each made by itself. */
function some<T>(keys: readonly string[], make: (key: string) => fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc
    .tuple(...keys.map((key) => fc.option(make(key), { nil: null, freq: 3 })))
    .map((made) => made.filter((one): one is Awaited<T> & T => one !== null));
}

/** Gives hostnames to deployments, each to one: `n` counts through them, and beyond them nobody has it. */
function withHosts(
  projects: readonly ProjectCase[],
  places: readonly (readonly [number, Destination])[],
): readonly ProjectCase[] {
  const all = projects.flatMap(({ deployments = [] }) => deployments);
  const held = new Map<DeploymentCase, Record<string, Destination>>();
  places.forEach(([n, to], index) => {
    const host = HOSTS[index];
    const holder = all[n];
    if (host === undefined || holder === undefined) return;
    held.set(holder, { ...held.get(holder), [host]: to });
  });
  return projects.map((project) =>
    project.deployments === undefined
      ? project
      : {
          ...project,
          deployments: project.deployments.map((one) => {
            const domains = held.get(one) ?? one.domains;
            return domains === undefined ? one : { ...one, domains };
          }),
        },
  );
}

/** Leaves out what no document or platform can say: see each line. */
function tidy(drawn: Scenario): Scenario {
  const live = drawn.live.map((project) => ({
    ...project,
    // What a new deployment is born with is pruned in the run after (decision 0004), and would not be an end state.
    ...(drawn.prune.includes('env') ? { defaultEnv: {} } : {}),
    deployments: (project.deployments ?? []).map((one) => ({
      ...one,
      default: one.type === 'prod' && one.default === true,
    })),
  }));
  const wanted = drawn.wanted.map((project): ProjectCase => ({
    ...project,
    ...(project.deployments === undefined
      ? {}
      : {
          deployments: project.deployments.map(
            ({ default: isDefault, ...one }) =>
              defined({ ...one, ...(one.type === 'prod' ? { default: isDefault } : {}) }) as DeploymentCase,
          ),
        }),
  }));
  const unseen = new Set(unseenHosts({ ...drawn, live, wanted: drawn.wanted }));
  const seen = (one: DeploymentCase): DeploymentCase =>
    one.domains === undefined
      ? one
      : { ...one, domains: Object.fromEntries(Object.entries(one.domains).filter(([host]) => !unseen.has(host))) };
  return defined({
    ...drawn,
    ...(drawn.prune.includes('projects') ? { crowd: 0 } : {}),
    live,
    wanted: wanted.map((project) =>
      project.deployments === undefined ? project : { ...project, deployments: project.deployments.map(seen) },
    ),
  }) as Scenario;
}

/** Hostnames whose holder is not read and stays: wanting one fails at the write (decision 0014), and never converges. */
function unseenHosts({ live, wanted, prune }: Scenario): readonly string[] {
  return live.flatMap(({ slug, deployments = [] }) =>
    deployments.flatMap(({ reference, domains = {} }) => {
      const project = wanted.find((one) => one.slug === slug);
      const entry = project?.deployments?.find((one) => one.reference === reference);
      const goes =
        project === undefined
          ? prune.includes('projects')
          : project.deployments !== undefined && entry === undefined && prune.includes('deployments');
      return goes || entry?.domains !== undefined ? [] : Object.keys(domains);
    }),
  );
}

/** Without undefined, all the way down: as JSON has it. */
function defined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The document, in JSON, which is YAML. */
export function documentOf({ wanted, prune, maxDeletePercent, protect }: Scenario): string {
  const entry = ({ env: variables, domains, ...deployment }: DeploymentCase): unknown => ({
    ...deployment,
    ...(variables === undefined
      ? {}
      : { env: Object.fromEntries(Object.entries(variables).map(([name, text]) => [name, text ?? { absent: true }])) }),
    ...(domains === undefined
      ? {}
      : { domains: Object.entries(domains).map(([domain, to]) => ({ domain, destination: to })) }),
  });
  return JSON.stringify(
    {
      version: 1,
      team: 'acme',
      policy: { prune, maxDeletePercent, protect },
      projects: wanted.map(({ deployments, ...project }) => ({
        ...project,
        ...(deployments === undefined ? {} : { deployments: deployments.map(entry) }),
      })),
    },
    null,
    1,
  );
}
