import { isScalar } from 'yaml';
import { compareAddress, lastSegment, type Address } from '../../model/address.ts';
import type { Proposal, ProposedEdit } from '../../model/proposal.ts';
import type { Secret } from '../../model/secret.ts';
import { sourceId } from '../../model/source.ts';
import { compareText, type DumpEntry } from '../dump/dump-tree.ts';
import { nameReferences } from '../dump/name-references.ts';
import { sourcesOf } from '../expand.ts';
import { masker } from '../mask.ts';
import { extentsOf, startOf } from './extent.ts';
import { groundOf, type ProposeInput } from './ground.ts';
import { hunksOf } from './hunks.ts';
import { intend } from './intend.ts';
import type { Intent, SetAnew } from './intents.ts';
import type { ValueOutcome } from './outcome.ts';
import { render } from './render.ts';
import { shownText } from './show-text.ts';
import { ordered, spliced } from './splice.ts';
import { keyText, parseSyntax, type SyntaxFile } from './syntax.ts';

export interface Proposed extends Proposal {
  /** The new texts of {@link Proposal.files}, by path, without a byte order mark. */
  readonly texts: ReadonlyMap<string, string>;
  /** What {@link Proposal.toSet} has to hold, as a source gives it. */
  readonly values: ReadonlyMap<string, Secret>;
  /** What is said or to be set now, and was not live as it was said. */
  readonly accepted: ReadonlySet<Address>;
}

/**
 * State files that say what is live, of what drifted: splices into their texts, and nothing else of them is written anew.
 * What cannot be said without telling others something that is not so is refused. Pure: whether the texts mean what they
 * are to mean is judged by loading them.
 */
export function propose(input: ProposeInput): Proposed {
  const ground = groundOf(input);
  const { intents, setAnew, refused: whyNot } = intend(ground);
  const refused = new Map(whyNot);
  const { nameOf, values, toSet } = named(input, intents, { setAnew, used: namesIn([...ground.files.values()]) });
  const files: Proposal['files'][number][] = [];
  const texts = new Map<string, string>();
  const mask = masker(input.kinds.all);
  for (const [path, file] of [...ground.files].sort(([a], [b]) => compareText(a, b))) {
    const own = intents.filter((intent) => intent.file === file);
    const { splices, failed } = render(file, own, nameOf);
    for (const { intent, why } of failed) for (const address of intent.addresses) refused.set(address, why);
    const inOrder = ordered(splices);
    if (inOrder === null) {
      for (const { addresses } of own)
        for (const address of addresses)
          refused.set(address, 'its edit and another one meet: propose one of them at a time');
      continue;
    }
    if (inOrder.length === 0) continue;
    const text = spliced(file.text, inOrder);
    texts.set(path, text);
    const hunks = hunksOf(shownText(file, mask), shownText(parseSyntax(path, text), mask), inOrder);
    const done = own.filter((intent) => !failed.some((one) => one.intent === intent));
    files.push({ path, hunks, edits: done.map(editOf).sort(byLine) });
  }
  const accepted = new Set([...intents, ...setAnew].flatMap((one) => ('uses' in one ? one.uses : one.addresses)));
  for (const address of refused.keys()) accepted.delete(address);
  return {
    files,
    refused: [...refused]
      .map(([address, why]) => ({ address, why }))
      .sort((a, b) => compareAddress(a.address, b.address)),
    toSet: toSet.filter(({ uses }) => uses.some((use) => !refused.has(use))),
    texts,
    values,
    accepted,
  };
}

/** Names for the values that do not stand in the document: those that it uses already keep their meaning. */
function named(
  input: ProposeInput,
  intents: readonly Intent[],
  { setAnew, used }: { readonly setAnew: readonly SetAnew[]; readonly used: ReadonlySet<string> },
) {
  const known = new Map<string, Secret>();
  for (const ref of sourcesOf(input.state)) {
    const resolved = input.resolution.get(sourceId(ref));
    if (ref.from === 'env' && resolved?.type === 'value') known.set(ref.name, resolved.value);
  }
  for (const { name, outcome } of setAnew) known.set(name, outcome.secret);
  const names = new Map<Intent, string>();
  const entries = new Map<Intent, DumpEntry>();
  for (const intent of intents) {
    const outcome = referenceOf(intent);
    const [first] = intent.addresses;
    if (outcome === null || first === undefined) continue;
    const { kind, key } = lastSegment(first);
    if (known.get(key)?.equals(outcome.secret) === true) {
      names.set(intent, key);
      continue;
    }
    const finalNewline = outcome.type === 'reference' && outcome.finalNewline;
    entries.set(intent, {
      kind: input.kinds.named(kind),
      key,
      address: first,
      fields: new Map(),
      value: { how: 'reference', secret: outcome.secret, finalNewline },
      uses: intent.addresses,
      collections: [],
      notes: [],
    });
  }
  const groups = [...Map.groupBy(entries.values(), ({ kind }) => kind)].map(([kind, members]) => {
    return { kind, members, sets: [], placeholders: [], evenEmpty: false, notes: [] };
  });
  const { references, of } = nameReferences(groups, [], input.isRefusedName, used);
  for (const [intent, entry] of entries) names.set(intent, of.get(entry)?.name ?? entry.key);
  const anew = setAnew.map(({ name, outcome, uses }) => {
    const finalNewline = outcome.type === 'reference' && outcome.finalNewline;
    return { name, finalNewline, known: true, uses: uses.toSorted(compareAddress) };
  });
  const fresh = references.map(({ name, finalNewline, uses }) => ({ name, finalNewline, known: false, uses }));
  return {
    nameOf: (intent: Intent) => names.get(intent) ?? '',
    toSet: [...anew, ...fresh].sort((a, b) => compareText(a.name, b.name)),
    values: new Map([
      ...setAnew.map(({ name, outcome }) => [name, outcome.secret] as const),
      ...references.map(({ name, value }) => [name, value] as const),
    ]),
  };
}

function referenceOf(intent: Intent): ValueOutcome | null {
  return 'outcome' in intent && intent.outcome.type === 'reference' ? intent.outcome : null;
}

/** All names that the documents take values from, also where nothing uses them. */
function namesIn(files: readonly SyntaxFile[]): ReadonlySet<string> {
  return new Set(
    files.flatMap(({ everyPair }) =>
      everyPair.flatMap(({ pair }) =>
        keyText(pair) === 'fromEnv' && isScalar(pair.value) ? String(pair.value.value) : [],
      ),
    ),
  );
}

function byLine(a: ProposedEdit, b: ProposedEdit): number {
  return a.line - b.line || compareText(a.addresses[0] ?? '', b.addresses[0] ?? '');
}

function editOf(intent: Intent): ProposedEdit {
  const line = intent.file.text.slice(0, placeOf(intent)).split('\n').length;
  return { addresses: intent.addresses.toSorted(compareAddress), does: DOES[intent.type], line };
}

const DOES: Readonly<Record<Intent['type'], ProposedEdit['does']>> = {
  value: 'changed',
  inner: 'changed',
  remove: 'removed',
  add: 'added',
  merge: 'added',
  open: 'added',
  entry: 'added',
};

function placeOf(intent: Intent): number {
  switch (intent.type) {
    case 'value':
      return startOf(intent.node);
    case 'inner':
      return startOf(intent.written.pair.key);
    case 'merge':
      return startOf(intent.alias);
    case 'open':
      return startOf(intent.map);
    case 'entry':
      return startOf(intent.list);
    case 'add':
      return startOf(intent.collection);
    case 'remove':
      return extentsOf(intent.collection, intent.file.text)[intent.index]?.start ?? startOf(intent.collection);
    default:
      return intent satisfies never;
  }
}
