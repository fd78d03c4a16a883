// Random teams whose machines are compared, with a second, naive account of what they will have.
import fc from 'fast-check';
import { isPairRule, type Invariant } from '../../src/model/invariant.ts';
import { globMatcher } from '../../src/model/glob.ts';
import type { DesiredState } from '../../src/model/resource.ts';
import { UnknownValue } from '../../src/model/unknown-value.ts';
import type { Address } from '../../src/model/address.ts';
import { desire, type MachineEntry } from './desired.ts';
import { newMemory, put, type Memory } from './memory-provider.ts';
import { Secret } from '../../src/model/secret.ts';

export const KEYS = ['KEY', 'KEY_LIVE_A', 'OTHER', 'TOKEN'] as const;
const SITES = ['a', 'b'] as const;

/** One machine on both sides; values are numbers of {@link World.values}. */
interface MachineCase {
  readonly site: (typeof SITES)[number];
  readonly live: { readonly size: string; readonly settings: Readonly<Record<string, number>> } | null;
  readonly entry: {
    readonly size: string;
    /** null: declared absent; -1: not resolved. Undefined: the collection is not declared. */
    readonly settings: Readonly<Record<string, number | null>> | undefined;
  } | null;
}

export interface World {
  readonly machines: readonly (MachineCase & { readonly id: string })[];
  readonly values: readonly string[];
  readonly invariants: readonly Invariant[];
}

const key = fc.constantFrom(...KEYS);
const size = fc.constantFrom('dev', 'prod', 'preview');
const number = fc.integer({ min: 0, max: 2 });
const condition = fc.oneof(
  fc.constant([]),
  fc
    .uniqueArray(size, { minLength: 1, maxLength: 2 })
    .map((sizes) => [{ kind: 'machine', undeclared: false, fields: new Map([['size', sizes]]) }]),
);
const invariant = fc
  .record({
    rule: fc.constantFrom('mustDiffer', 'mustMatch', 'required', 'forbidden'),
    keys: fc.uniqueArray(fc.constantFrom(...KEYS, 'KEY*', '*_LIVE_*', '*'), { minLength: 1, maxLength: 2 }),
    within: fc.constantFrom(null, 'site:a' as Address, 'site:b/machine:m1' as Address),
    sides: fc.array(condition, { minLength: 1, maxLength: 3 }),
    reason: fc.constantFrom(null, 'it is so'),
  })
  .map(({ sides, ...rest }) => ({
    ...rest,
    kind: 'setting',
    sides: isPairRule(rest.rule) ? sides : sides.slice(0, 1),
  }));

/** `whole`: everything is known of every machine. */
export function worlds({ whole }: { readonly whole: boolean }): fc.Arbitrary<World> {
  const live = fc.record({ size, settings: fc.dictionary(key, number, { maxKeys: 4 }) });
  const written = whole
    ? fc.option(number, { nil: null })
    : fc.oneof(fc.option(number, { nil: null }), fc.constant(-1));
  const settings = fc.dictionary(key, written, { maxKeys: 3 });
  const entry = fc.record({ size, settings: whole ? settings : fc.option(settings, { nil: undefined }) });
  const machine = fc.record({
    site: fc.constantFrom(...SITES),
    live: whole ? live : fc.option(live, { nil: null }),
    entry: whole ? entry : fc.option(entry, { nil: null }),
  });
  return fc
    .record({
      machines: fc.array(machine, { minLength: 1, maxLength: 6 }),
      values: fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{16}$/), { minLength: 3, maxLength: 3 }),
      invariants: fc.array(invariant, { maxLength: 4 }),
    })
    .map(({ machines, values, invariants }) => ({
      values,
      machines: machines
        .map((one, index) => ({ ...one, id: `m${String(index)}` }))
        .filter(({ live: there, entry: asked }) => there !== null || asked !== null),
      invariants: invariants.map((one, index) => ({
        ...one,
        where: { file: 'state.yaml', line: index + 1, column: 1 },
      })),
    }));
}

/** The document and the platform of a world. Sites are declared, with their machines. */
export function sidesOf({ machines, values, invariants }: World): { desired: DesiredState; memory: Memory } {
  const memory = newMemory();
  for (const site of SITES) put(memory, 'site', null, { id: site, title: site });
  for (const { id, site, live } of machines) {
    if (live === null) continue;
    const there = put(memory, 'machine', `site-${site}`, { id, size: live.size });
    for (const [name, value] of Object.entries(live.settings))
      put(memory, 'setting', there.id, { name, value: new Secret(values[value] ?? '') });
  }
  const sites = SITES.map((site) => {
    const entries = machines.flatMap(({ id, site: own, entry }): [string, MachineEntry][] => {
      if (own !== site || entry === null) return [];
      const settings = Object.entries(entry.settings ?? {}).map(([name, value]) => [name, written(value, values)]);
      return [
        [id, { size: entry.size, ...(entry.settings === undefined ? {} : { settings: Object.fromEntries(settings) }) }],
      ];
    });
    return [site, { machines: Object.fromEntries(entries) }] as const;
  });
  const asked = desire(Object.fromEntries(sites));
  return { memory, desired: { ...asked, invariants } };
}

function written(value: number | null, values: readonly string[]): string | null | UnknownValue {
  if (value === null) return null;
  return value === -1 ? new UnknownValue('somewhere') : (values[value] ?? '');
}

/** What a machine will have, told naively: a value's number, `?` for one that is not resolved, null for nothing. */
export interface Outlook {
  readonly address: string;
  readonly site: string;
  readonly size: string;
  readonly settings: ReadonlyMap<string, number | '?' | null>;
  /** What is under keys that `settings` does not have: nothing, or nobody knows. */
  readonly rest: 'nothing' | 'unknown';
}

export function outlookOf({ machines }: World): readonly Outlook[] {
  return machines.map(({ id, site, live, entry }) => {
    const asked = entry?.settings;
    const settings = new Map<string, number | '?' | null>(
      asked === undefined ? [] : Object.entries(live?.settings ?? {}),
    );
    for (const [name, value] of Object.entries(asked ?? {})) settings.set(name, value === -1 ? '?' : value);
    return {
      address: `site:${site}/machine:${id}`,
      site,
      size: entry?.size ?? live?.size ?? '',
      settings,
      rest: live !== null && asked !== undefined ? 'nothing' : 'unknown',
    };
  });
}

/** The world with everything that is not known filled in. */
export function completions(outlook: readonly Outlook[]): fc.Arbitrary<readonly Outlook[]> {
  const drawn = fc.array(fc.option(number, { nil: null }), { minLength: KEYS.length, maxLength: KEYS.length });
  return fc.array(drawn, { minLength: outlook.length, maxLength: outlook.length }).map((fill) =>
    outlook.map((one, at) => {
      const settings = new Map<string, number | null>();
      for (const [index, name] of KEYS.entries()) {
        const known = one.settings.get(name);
        const drawnValue = fill[at]?.[index] ?? null;
        if (known === '?') settings.set(name, drawnValue ?? 0);
        else settings.set(name, known === undefined ? (one.rest === 'nothing' ? null : drawnValue) : known);
      }
      return { ...one, settings, rest: 'nothing' };
    }),
  );
}

/** Whether an invariant is broken in a world of which everything is known, by its definition. */
export function isBroken({ rule, keys, sides, within }: Invariant, all: readonly Outlook[]): boolean {
  const reach = all.filter(({ address }) => within === null || `${address}/`.startsWith(`${within}/`));
  const meant = sides.map((condition) =>
    reach.filter((one) => condition.every(({ fields }) => fields.get('size')?.includes(one.size) === true)),
  );
  const isMeant = (name: string): boolean => keys.some((glob) => globMatcher(glob)(name));
  const value = ({ settings }: Outlook, name: string): unknown => settings.get(name) ?? null;
  switch (rule) {
    case 'required':
      return (meant[0] ?? []).some((one) =>
        keys.some((glob) => !KEYS.some((name) => globMatcher(glob)(name) && value(one, name) !== null)),
      );
    case 'forbidden':
      return (meant[0] ?? []).some((one) => KEYS.some((name) => isMeant(name) && value(one, name) !== null));
    case 'mustDiffer':
    case 'mustMatch':
      return meant.some((side, i) =>
        meant.some((other, j) =>
          i === j && meant.length > 1
            ? false
            : side.some((one) =>
                other.some(
                  (two) =>
                    one !== two &&
                    one.site === two.site &&
                    KEYS.filter(isMeant).some((name) => {
                      const [left, right] = [value(one, name), value(two, name)];
                      return rule === 'mustDiffer' ? left !== null && left === right : left !== right;
                    }),
                ),
              ),
        ),
      );
    default:
      return rule satisfies never;
  }
}
