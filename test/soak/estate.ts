// What the soak keeps: ten deployments in five projects, what is declared of them, and who is at work in the same team.
import { randomOf } from '../faults/kit/random.ts';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import type { Deployment } from '../../src/sandbox/platform/state.ts';
import type { Platform } from '../../src/sandbox/platform/platform.ts';

const PROJECTS = ['billing', 'chat', 'docs', 'shop', 'site'];
const TYPES = { production: 'prod', staging: 'custom' } as const;
type Reference = keyof typeof TYPES;
const REFERENCES = Object.keys(TYPES) as Reference[];
const NAMES = ['API_URL', 'FEATURE_A', 'FEATURE_B', 'LOG_LEVEL', 'MODEL', 'REGION_HINT'];
const CLASS = 's16';

/** What a deployment is to be like, by `project/reference`. */
export interface Declared {
  readonly env: ReadonlyMap<string, string>;
  readonly domain: string | null;
  readonly class: string;
}

export const DECLARED: ReadonlyMap<string, Declared> = new Map(
  PROJECTS.flatMap((project) =>
    REFERENCES.map((reference) => [
      `${project}/${reference}`,
      {
        env: new Map(NAMES.map((name) => [name, `${name.toLowerCase()}-of-${project}-${reference}`])),
        domain: reference === 'production' ? `${project}.acme.com` : null,
        class: CLASS,
      },
    ]),
  ),
);

export const SEED: SandboxSeed = {
  teams: [
    {
      slug: 'acme',
      projects: PROJECTS.map((slug) => ({
        slug,
        name: slug,
        deployments: REFERENCES.map((reference) => ({
          reference,
          type: TYPES[reference],
          class: CLASS,
          default: TYPES[reference] === 'prod',
          env: { OTHERS: 'theirs' },
        })),
      })),
    },
  ],
};

export function documentOf(): string {
  const lines = ['version: 1', 'team: acme', 'projects:'];
  for (const project of PROJECTS) {
    lines.push(`  - slug: ${project}`, '    deployments:');
    for (const reference of REFERENCES) {
      const declared = DECLARED.get(`${project}/${reference}`);
      if (declared === undefined) continue;
      lines.push(
        `      - reference: ${reference}`,
        `        type: ${TYPES[reference]}`,
        `        class: ${CLASS}`,
        '        env:',
      );
      for (const [name, value] of declared.env) lines.push(`          ${name}: ${value}`);
      if (declared.domain !== null)
        lines.push('        domains:', `          - { domain: ${declared.domain}, destination: convexCloud }`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export function pathOf({ project, reference }: Deployment): string {
  return `${project.slug}/${reference}`;
}

/** What of a live deployment is not as declared; empty: nothing. */
export function differences(platform: Platform): readonly string[] {
  const found: string[] = [];
  const live = new Map([...platform.world.deployments.values()].map((one) => [pathOf(one), one]));
  for (const [path, declared] of DECLARED) {
    const one = live.get(path);
    if (one === undefined) {
      found.push(`${path} is not there`);
      continue;
    }
    for (const [name, value] of declared.env) if (one.env.get(name) !== value) found.push(`${path} ${name}`);
    if (one.class !== declared.class) found.push(`${path} class`);
    if (declared.domain !== null && !one.domains.some(({ domain }) => domain === declared.domain))
      found.push(`${path} ${declared.domain}`);
  }
  return found;
}

/** Somebody with a dashboard: one deed a call, seeded. What they make beside the document has to stay. */
export function human(
  platform: Platform,
  seed: number,
): { act(): string; readonly theirs: ReadonlyMap<string, string> } {
  const random = randomOf(seed);
  const theirs = new Map<string, string>();
  const token = platform.identify('sandbox-human');
  if (token === undefined) throw new Error('the sandbox takes this token');
  const caller = { token };
  let count = 0;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return {
    theirs,
    act() {
      const one = pick([...platform.world.deployments.values()]);
      const path = pathOf(one);
      const name = pick(NAMES);
      const roll = random();
      count += 1;
      if (roll < 0.5) {
        platform.updateEnvironment(caller, one, [{ name, value: `by-hand-${String(count)}` }]);
        return `set ${path} ${name}`;
      }
      if (roll < 0.7) {
        platform.updateEnvironment(caller, one, [{ name, value: null }]);
        return `removed ${path} ${name}`;
      }
      if (roll < 0.8) {
        const own = `THEIRS_${String(count % 20)}`;
        platform.updateEnvironment(caller, one, [{ name: own, value: String(count) }]);
        theirs.set(`${path} ${own}`, String(count));
        return `set ${path} ${own}`;
      }
      if (roll < 0.9) {
        platform.updateDeployment(caller, one, { class: 's256' });
        return `changed ${path} class`;
      }
      const [held] = one.domains;
      if (held === undefined) return `looked at ${path}`;
      platform.deleteDomain(caller, one, held);
      return `removed ${held.domain}`;
    },
  };
}
