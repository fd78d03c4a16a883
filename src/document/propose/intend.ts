import { isSeq } from 'yaml';
import { isWithin, lastSegment, type Address } from '../../model/address.ts';
import type { Change } from '../../model/change.ts';
import type { AnyKind } from '../../model/kinds.ts';
import { choose, type Choice, type Choosing } from './choose.ts';
import type { Ground } from './ground.ts';
import type { Intent, SetAnew } from './intents.ts';
import { entryFields, liveOutcome, slotOf, type Slot, type Want } from './outcome.ts';
import { readersOf } from './readers.ts';

export interface Intended {
  readonly intents: readonly Intent[];
  readonly setAnew: readonly SetAnew[];
  /** Address → why not, and what to do instead. */
  readonly refused: ReadonlyMap<Address, string>;
}

/** What has to be edited for everything that drifted, each place once. */
export function intend(ground: Ground): Intended {
  const { input } = ground;
  const refused = new Map<Address, string>();
  const wants = new Map<Slot, Want>();
  const additions: Change[] = [];
  for (const change of input.changes) {
    const found = wantsOf(ground, change);
    if (found === 'add') additions.push(change);
    else if (typeof found === 'string') refused.set(change.address, found);
    else for (const want of found) wants.set(slotOf(want.address, want.field), want);
  }
  const resources = new Map(input.desired.resources.map((resource) => [resource.address, resource]));
  const choosing: Choosing = { ground, readers: readersOf(ground), wants, resources };
  const intents = new Map<object, Map<string, Intent>>();
  const setAnew = new Map<string, SetAnew>();
  const keep = ({ at, what, intent }: Choice, address: Address): void => {
    const inside = intents.get(at) ?? new Map<string, Intent>();
    intents.set(at, inside);
    const known = inside.get(`${intent.type} ${what}`);
    if (known === undefined) inside.set(`${intent.type} ${what}`, { ...intent, addresses: [address] });
    else if (!known.addresses.includes(address)) known.addresses.push(address);
  };
  const removed: Address[] = [];
  for (const [address, own] of Map.groupBy(wants.values(), (want) => want.address)) {
    if (removed.some((container) => isWithin(address, container))) continue;
    const lost = [...refused.keys()].find((container) => container !== address && isWithin(address, container));
    const isGone = own.every(({ outcome }) => outcome.type === 'gone');
    if (lost !== undefined && isGone) {
      refused.set(address, `it is in ${lost}, of which nothing is edited`);
      continue;
    }
    const found = own.map((want) => choose(choosing, want));
    const whyNot = found.find((one) => typeof one === 'string');
    if (whyNot !== undefined) {
      refused.set(address, whyNot);
      continue;
    }
    for (const one of found) {
      if (typeof one === 'string') continue;
      if ('intent' in one) keep(one, address);
      else {
        const known = setAnew.get(one.anew.name) ?? { ...one.anew, uses: [] };
        setAnew.set(one.anew.name, known);
        known.uses.push(address);
      }
    }
    if (own.some(({ field }) => field === '')) removed.push(address);
  }
  for (const { address } of additions) {
    const choice = addEntry(choosing, address);
    if (typeof choice === 'string') refused.set(address, choice);
    else keep(choice, address);
  }
  const all = [...intents.values()].flatMap((inside) => [...inside.values()]);
  return { intents: all, setAnew: [...setAnew.values()], refused };
}

/** The lines that a change is about; a text: why there are none; `add`: a new entry. */
function wantsOf({ input }: Ground, change: Change): readonly Want[] | 'add' | (string & {}) {
  const { address, reason, fields } = change;
  const kind = input.kinds.named(change.kind);
  const short = kind.form.shape === 'map' ? kind.form.shorthand : '';
  const live = input.live.get(address);
  switch (reason) {
    case 'absent':
      return [{ address, kind, field: short, outcome: { type: 'gone' } }];
    case 'undeclared':
      if (change.selector !== null)
        return `${change.selector} governs it, and others like it: give its container an entry of its own`;
      if (short === '') return 'add';
      return wantsFor(kind, address, [short]);
    case 'declared-absent':
      return wantsFor(kind, address, [short]);
    case 'differs':
      return wantsFor(
        kind,
        address,
        fields.map(({ field }) => field),
      );
    case 'releases-claim':
    case 'recreated':
      return [];
    default:
      return reason satisfies never;
  }

  function wantsFor(of: AnyKind, at: Address, names: readonly string[]): readonly Want[] | (string & {}) {
    if (live === undefined) return 'it was not read';
    const found: Want[] = [];
    for (const field of names) {
      const outcome = liveOutcome(of, live, field);
      if (typeof outcome === 'string') return outcome;
      found.push({ address: at, kind: of, field, outcome });
    }
    return found;
  }
}

/** A new entry beside its siblings. */
function addEntry({ ground, readers }: Choosing, address: Address): Choice | string {
  const { input } = ground;
  const live = input.live.get(address);
  if (live === undefined) return 'it was not read';
  const kind = input.kinds.named(live.kind);
  if (kind.match !== undefined)
    return `this API does not keep the document's keys, so its entry needs one that you choose: see \`dump\` for how it looks`;
  const governed = input.state.defaults.collections.find(({ parent }) => parent === kind.name);
  if (governed !== undefined)
    return `\`defaults\` would ask for ${input.kinds.named(governed.kind).collection} of it too: write its entry by hand`;
  const fields = entryFields(kind, live, input.state.defaults);
  if (typeof fields === 'string') return fields;
  const found = ground.collectionOf(live.parent, kind);
  const list = found?.file.resolve(found.written.pair.value) ?? null;
  if (found === null || !isSeq(list))
    return `no entry of its own says the \`${kind.collection}\` that it is in: write one`;
  const users = readers.usersOf(list);
  if (users === null || users.size !== 1)
    return `the \`${kind.collection}\` that it is in are shared with others through an anchor: write them apart`;
  const { file } = found;
  return { intent: { type: 'entry', file, list: list, fields }, at: list, what: lastSegment(address).key };
}
