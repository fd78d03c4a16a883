import type { CatalogDeploymentSpec } from './catalog.ts';

type Spec = Partial<CatalogDeploymentSpec>;

const LONGEST_REFERENCE = 100;

/**
 * The deployments of a project as entries that {@link matchDeployments} finds again: each with a label for a key, and with
 * its `name`, but for the default production deployment that is the only one of type prod, which is told without
 * (rule 33). A name also keeps an entry to its deployment when another one of its type and region is made.
 */
export function adoptDeployments(listed: readonly Spec[]): readonly Spec[] {
  const production = listed.filter(({ type }) => type === 'prod').length;
  const taken = new Set<string>();
  return listed.map((spec) => {
    const { name: _told, ...nameless } = spec;
    const isDefault = spec.type === 'prod' && spec.default === true;
    const reference = free(isDefault ? 'production' : labelOf(spec), taken);
    return isDefault && production === 1 ? { ...nameless, reference } : { ...spec, reference };
  });
}

/** `dev/happy-otter-123`: the platform's name alone is no reference. */
function labelOf({ type = '', name = '' }: Spec): string {
  return `${plain(type)}/${plain(name)}`.slice(0, LONGEST_REFERENCE);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function free(label: string, taken: Set<string>): string {
  let found = label;
  for (let n = 2; taken.has(found); n += 1) {
    const suffix = `-${String(n)}`;
    found = `${label.slice(0, LONGEST_REFERENCE - suffix.length)}${suffix}`;
  }
  taken.add(found);
  return found;
}
