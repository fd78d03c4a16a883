import type { Declared, Listed, Matching, SiblingFinding } from '../../../model/kind.ts';
import type { CatalogDeploymentSpec } from './catalog.ts';

type Entry = Declared<CatalogDeploymentSpec>;
type Live = Listed<CatalogDeploymentSpec>;

/**
 * Which live deployment each entry is, where the platform keeps no reference (rule 33), in this order: by `name`; the
 * default production deployment for the only entry of type prod; by type and region, when exactly one live one is
 * left that nobody else is. Never a guess: whatever could be two is an error that lists them.
 */
export function matchDeployments(entries: readonly Entry[], listed: readonly Live[]): Matching {
  const assigned = new Map<string, string>();
  const findings: SiblingFinding[] = [];
  const free = new Set(listed);
  const take = ({ key }: Entry, live: Live): void => {
    assigned.set(key, live.id);
    free.delete(live);
  };
  for (const entry of entries) {
    const { name } = entry.spec;
    if (name === undefined) continue;
    const live = listed.find(({ spec }) => spec.name === name);
    if (live === undefined || !free.has(live)) findings.push(noSuchName(entry, name));
    else take(entry, live);
  }
  const production = entries.filter(({ spec }) => spec.type === 'prod');
  const [only] = production;
  if (only !== undefined && production.length === 1 && only.spec.name === undefined) {
    const live = [...free].find(({ spec }) => spec.default === true);
    if (live !== undefined) take(only, live);
  }
  const open = entries.filter(({ key, spec }) => spec.name === undefined && !assigned.has(key));
  const wanted = open.map((entry) => ({ entry, found: candidatesOf(entry, free) }));
  for (const { entry, found } of wanted) {
    if (found.candidates.length === 0) continue;
    const [first] = found.candidates;
    const rivals = wanted.filter(({ found: other }) => first !== undefined && other.candidates.includes(first));
    if (first !== undefined && found.sure && found.candidates.length === 1 && rivals.length === 1)
      assigned.set(entry.key, first.id);
    else findings.push(ambiguous(entry, found.candidates));
  }
  return { assigned, findings };
}

/**
 * The free ones that the entry may be. Not `sure`: its type is not said, or a region is not known on one of the two
 * sides. A default region alone decides only for the live one that has it: elsewhere a live one is not another (rule 10).
 */
function candidatesOf(
  { spec, atCreation }: Entry,
  free: Iterable<Live>,
): { readonly candidates: readonly Live[]; readonly sure: boolean } {
  const { type } = spec;
  if (type === undefined) return { candidates: [...free], sure: false };
  const alike = [...free].filter((live) => live.spec.type === type);
  const region = spec.region ?? atCreation.region;
  if (region === undefined) return { candidates: alike, sure: true };
  const there = alike.filter((live) => live.spec.region === undefined || live.spec.region === region);
  if (there.length > 0) return { candidates: there, sure: there.every((live) => live.spec.region !== undefined) };
  return spec.region === undefined ? { candidates: alike, sure: false } : { candidates: [], sure: true };
}

function noSuchName({ key }: Entry, name: string): SiblingFinding {
  return {
    key,
    severity: 'error',
    code: 'CVG518',
    summary: `no live deployment of this project is called ${JSON.stringify(name)}`,
    hint: 'The platform gives names: leave `name` out to create a deployment, and write it once it is there.',
    field: 'name',
  };
}

function ambiguous({ key, spec: { type, region } }: Entry, candidates: readonly Live[]): SiblingFinding {
  const missing = Object.entries({ type, region }).flatMap(([field, value]) => (value === undefined ? [field] : []));
  const own = missing.map((field) => `, give the entry a \`${field}\` of its own`).join('');
  const names = candidates
    .map(({ spec }) => `${spec.name ?? ''} (${[spec.type, spec.region ?? 'region unknown'].join(', ')})`)
    .sort();
  return {
    key,
    severity: 'error',
    code: 'CVG517',
    summary: `${JSON.stringify(key)} could be ${names.length === 1 ? 'the live deployment' : 'any of the live deployments'} ${names.join(', ')}`,
    hint: `Say which with \`name:\`${own}, or let \`policy.ignore\` name those that others own.`,
  };
}

/** Entries that nobody could tell apart: those that would be made alike, and those with one name (rule 33). */
export function checkAlike(entries: readonly Entry[]): readonly SiblingFinding[] {
  const [named, unnamed] = [true, false].map((has) => entries.filter(({ spec }) => (spec.name !== undefined) === has));
  return [
    ...twinsOf(named ?? [], ({ spec }) => spec.name ?? '').map(([one, twin]) => ({
      key: twin.key,
      severity: 'error' as const,
      code: 'CVG314' as const,
      summary: `${JSON.stringify(twin.key)} and ${JSON.stringify(one.key)} are both the live deployment ${JSON.stringify(twin.spec.name)}`,
      field: 'name',
    })),
    ...twinsOf(
      (unnamed ?? []).filter(({ spec }) => spec.type !== undefined),
      ({ spec, atCreation }) => JSON.stringify([spec.type, spec.region ?? atCreation.region ?? null]),
    ).map(([one, twin]) => ({
      key: twin.key,
      severity: 'error' as const,
      code: 'CVG314' as const,
      summary: `${JSON.stringify(twin.key)} and ${JSON.stringify(one.key)} have the same type and region, and nothing else tells which live deployment is which`,
      hint: 'Create one at a time and write its `name` to the entry, or give them another type or region.',
    })),
  ];
}

/** The first of each group with every other of it. */
function twinsOf(entries: readonly Entry[], by: (entry: Entry) => string): readonly (readonly [Entry, Entry])[] {
  return [...Map.groupBy(entries, by).values()].flatMap(([first, ...more]) =>
    more.flatMap((twin) => (first === undefined ? [] : [[first, twin] as const])),
  );
}
