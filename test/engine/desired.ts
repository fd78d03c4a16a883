// Desired states for engine tests, written as nested objects instead of YAML.
import { addressOf, compareAddress, type Address } from '../../src/model/address.ts';
import type { DesiredResource, DesiredState, ManagedCollection, PolicyGlobs, Spec } from '../../src/model/resource.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Selector } from '../../src/model/selector.ts';
import type { UnknownValue } from '../../src/model/unknown-value.ts';

export interface MachineEntry {
  readonly size?: string;
  readonly zone?: string;
  readonly main?: boolean;
  readonly until?: number | null;
  readonly defaultZone?: string;
  readonly protect?: boolean;
  readonly renamedFrom?: string;
  /** name → value; null: declared absent; an UnknownValue: not resolved. */
  readonly settings?: Readonly<Record<string, string | null | UnknownValue>>;
  readonly visible?: boolean;
  /** id → side. */
  readonly signs?: Readonly<Record<string, string>>;
  /** id → the sign it points to; null: declared absent. */
  readonly pointers?: Readonly<Record<string, string | null>>;
}

export interface SiteEntry {
  readonly title?: string;
  readonly protect?: boolean;
  readonly renamedFrom?: string;
  readonly machines?: Readonly<Record<string, MachineEntry>>;
}

type Collection = 'sites' | 'machines' | 'settings' | 'signs' | 'pointers';

export interface Options {
  readonly prune?: readonly Collection[];
  readonly maxDeletePercent?: number;
  readonly policies?: readonly Partial<PolicyGlobs>[];
  readonly incomplete?: boolean;
  readonly selectors?: readonly SelectorEntry[];
}

/** A selector of machines: which sites and machines it means, and what it asks of them. */
export interface SelectorEntry {
  readonly name?: string;
  /** The site that it is written in; absent: at the top. */
  readonly within?: string;
  /** Globs over the ids of sites, and only those without an entry where `sitesToo`. */
  readonly site?: string;
  readonly sitesToo?: boolean;
  readonly machine?: string;
  readonly size?: string;
  readonly settings?: Readonly<Record<string, string | null>>;
  readonly prune?: boolean;
  readonly file?: string;
  readonly incomplete?: boolean;
  /** Conditions on other fields of the machine. */
  readonly fields?: Readonly<Record<string, string>>;
}

const where = { file: 'state.yaml', line: 1, column: 1 };

export function desire(sites: Readonly<Record<string, SiteEntry>>, options: Options = {}): DesiredState {
  const resources: DesiredResource[] = [];
  const collections: ManagedCollection[] = [];
  const manage = (kind: string, collection: Collection, parent: Address | null): void => {
    collections.push({
      kind,
      parent,
      prune: options.prune?.includes(collection) ?? false,
      maxDeletePercent: options.maxDeletePercent ?? 30,
      incomplete: options.incomplete ?? false,
      where,
    });
  };
  const add = (
    place: { kind: string; key: string; parent: Address | null },
    spec: Spec,
    more: Partial<DesiredResource> = {},
  ): Address => {
    const address = addressOf(place.parent, place.kind, place.key);
    const base = { atCreation: {}, absent: false, renamedFrom: null, protect: null, visible: false, selector: null };
    resources.push({ address, ...place, spec: defined(spec), where, ...base, ...more });
    return address;
  };
  manage('site', 'sites', null);
  for (const [key, entry] of Object.entries(sites)) {
    const more = { protect: entry.protect ?? null, renamedFrom: entry.renamedFrom ?? null };
    const site = add({ kind: 'site', key, parent: null }, { id: key, title: entry.title }, more);
    if (entry.machines === undefined) continue;
    manage('machine', 'machines', site);
    for (const [id, machine] of Object.entries(entry.machines)) {
      const {
        settings,
        signs,
        pointers,
        defaultZone,
        protect = null,
        renamedFrom = null,
        visible = false,
        ...spec
      } = machine;
      const atCreation = defaultZone === undefined ? {} : { zone: defaultZone };
      const parent = add(
        { kind: 'machine', key: id, parent: site },
        { id, ...spec },
        { protect, renamedFrom, atCreation },
      );
      if (signs !== undefined) manage('sign', 'signs', parent);
      for (const [sign, side] of Object.entries(signs ?? {}))
        add({ kind: 'sign', key: sign, parent }, { id: sign, side });
      if (pointers !== undefined) manage('pointer', 'pointers', parent);
      for (const [pointer, to] of Object.entries(pointers ?? {}))
        add({ kind: 'pointer', key: pointer, parent }, { id: pointer, to: to ?? undefined }, { absent: to === null });
      if (settings === undefined) continue;
      manage('setting', 'settings', parent);
      for (const [name, value] of Object.entries(settings))
        add(
          { kind: 'setting', key: name, parent },
          value === null ? { name } : { name, value: typeof value === 'string' ? new Secret(value) : value },
          { absent: value === null, visible },
        );
    }
  }
  return {
    team: 1,
    teamWhere: where,
    modes: [],
    windows: [],
    pauses: [],
    resources: resources.sort((a, b) => compareAddress(a.address, b.address)),
    collections,
    policies: (options.policies ?? []).map((globs) => ({
      within: null,
      protect: [],
      unprotect: [],
      ignore: [],
      ...globs,
    })),
    selectors: (options.selectors ?? []).map(selectorOf),
  };
}

function selectorOf(entry: SelectorEntry, index: number): Selector {
  const place = { ...where, ...(entry.file === undefined ? {} : { file: entry.file }), line: index + 1 };
  const conditions = { id: entry.machine ?? '**', ...entry.fields };
  const machineFields = new Map(Object.entries(conditions).map(([field, glob]) => [field, [glob]]));
  const siteFields = new Map(entry.site === undefined ? [] : [['id', [entry.site]] as const]);
  return {
    name: entry.name ?? `selector ${index}`,
    kind: 'machine',
    within: entry.within === undefined ? null : addressOf(null, 'site', entry.within),
    matches: [
      ...(entry.site === undefined ? [] : [{ kind: 'site', undeclared: entry.sitesToo === true, fields: siteFields }]),
      { kind: 'machine', undeclared: true, fields: machineFields },
    ],
    where: place,
    mode: null,
    spec: entry.size === undefined ? {} : { size: entry.size },
    collections:
      entry.settings === undefined
        ? []
        : [
            {
              kind: 'setting',
              prune: entry.prune ?? null,
              maxDeletePercent: 100,
              incomplete: entry.incomplete === true,
              where: place,
              members: Object.entries(entry.settings).map(([key, value]) => ({
                key,
                spec: value === null ? { name: key } : { name: key, value: new Secret(value) },
                absent: value === null,
                visible: false,
                where: place,
              })),
            },
          ],
  };
}

function defined(spec: Spec): Spec {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}
