import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { looksLikeCredential } from '../model/credential.ts';
import type { AnyKind } from '../model/kinds.ts';
import { HIDDEN, knownKeys, legibleDocument, UNKNOWN, type Legible } from './legible.ts';
import type { ParsedFile } from './parse.ts';
import { closestName } from './show.ts';

/**
 * Makes a file's text fit for code frames, and is the only place that does: every character that could be of the value
 * of a variable becomes {@link MASK}, line and column unchanged. What is shown is what {@link Legible} allows, the
 * words of the format and YAML's punctuation; all else, comments too, is hidden. Behind the first syntax error nothing
 * can be attributed, and only words of the format are shown.
 */
export type Masker = (text: string, parsed: ParsedFile) => string;

/** Stands for one hidden character; a run of them reads as an omission. */
export const MASK = '…';

export function masker(kinds: readonly AnyKind[]): Masker {
  const legible = legibleDocument(kinds);
  const words = knownKeys(legible);
  return (text, { documents, brokenAt }) => {
    const until = brokenAt ?? text.length;
    const walk: Walk = { text, spans: [], anchors: new Set(), aliases: new Set() };
    for (const document of documents) walkDocument(document, legible, walk);
    return paintHead(text.slice(0, until), walk) + paintTail(text.slice(until), words);
  };
}

/** A scalar or alias: what of it is shown from its start. Offsets into the text. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly shownTo: number;
}

interface Walk {
  readonly text: string;
  readonly spans: Span[];
  /** The names of anchors and of aliases, of all documents. */
  readonly anchors: Set<string>;
  readonly aliases: Set<string>;
}

/** More rounds than real documents need; then all that has an anchor counts as used for a value. */
const MAX_ROUNDS = 4;

/** What an alias brings to where values stand is hidden where it is written too. */
function walkDocument(document: Node, legible: Legible, walk: Walk): void {
  let used: ReadonlySet<string> | 'all' = new Set<string>();
  for (let round = 1; ; round++) {
    const spans: Span[] = [];
    const found = new Set<string>();
    collect(document, legible, { ...walk, spans, used, found });
    if (used === 'all' || found.size === used.size) {
      for (const span of spans) walk.spans.push(span);
      return;
    }
    used = round < MAX_ROUNDS ? found : 'all';
  }
}

interface Round extends Walk {
  /** The anchors that are known to be used where values stand. */
  readonly used: ReadonlySet<string> | 'all';
  readonly found: Set<string>;
}

/** Recursion is as deep as the parser allows. */
function collect(node: Node | null, wanted: Legible, round: Round): void {
  if (node === null) return;
  const holdsValues = wanted.hiddenKeys !== undefined || wanted.others !== undefined;
  if (isAlias(node)) {
    round.aliases.add(node.source);
    if (holdsValues) round.found.add(node.source);
    return span(node, round, round.anchors.has(node.source) ? 'all' : 0);
  }
  const anchor = 'anchor' in node ? node.anchor : undefined;
  if (anchor !== undefined) round.anchors.add(anchor);
  const exposed = anchor !== undefined && (round.used === 'all' || round.used.has(anchor));
  const legible = exposed && !holdsValues ? HIDDEN : wanted;
  if (isScalar(node)) {
    const shown = node.value === null ? isNull(node.source) : legible.text?.(textOf(node)) === true;
    span(node, round, shown ? 'all' : 0);
  } else if (isSeq(node)) {
    for (const item of node.items as readonly Node[]) collect(item, legible.items ?? HIDDEN, round);
  } else if (isMap(node)) {
    for (const pair of node.items as readonly Pair<Node, Node | null>[]) collectPair(pair, legible, round);
  }
}

function collectPair({ key, value }: Pair<Node, Node | null>, legible: Legible, round: Round): void {
  if (!isScalar(key)) {
    collect(key, HIDDEN, round);
    return collect(value, HIDDEN, round);
  }
  if ('anchor' in key && key.anchor !== undefined) round.anchors.add(key.anchor);
  const name = textOf(key);
  const known = legible.known?.get(name);
  if (known !== undefined || (name === '<<' && key.type === 'PLAIN')) {
    span(key, round, 'all');
    // What is merged stands where the map does.
    return collect(value, known ?? { ...legible, items: legible }, round);
  }
  const bare = value === null || (isScalar(value) && value.value === null);
  const hides =
    (legible.hiddenKeys === 'all' && closestName(name, [...(legible.known?.keys() ?? [])]) === null) ||
    (legible.hiddenKeys === 'bare' && bare) ||
    // Without even a `:`.
    (legible.others !== undefined && value === null);
  span(key, round, hides ? 0 : nameLength(round.text.slice(...rangeOf(key))));
  collect(value, legible.others ?? (legible.hiddenKeys === 'all' ? HIDDEN : UNKNOWN), round);
}

/** How much of a written key is a name: `KEY=text` and `KEY:text` without a space are keys to YAML. */
function nameLength(written: string): number {
  const [name = ''] = /^(["']?)[\p{L}\p{N}_./-]+\1$|^[\p{L}\p{N}_.-]+/u.exec(written) ?? [];
  return looksLikeCredential('', name.replaceAll(/["']/g, '')) ? 0 : name.length;
}

function textOf({ value }: { readonly value: unknown }): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

function isNull(source: string | undefined): boolean {
  return source !== undefined && /^(?:~|null|Null|NULL)$/.test(source);
}

function span(node: Node, { text, spans }: Round, shown: number | 'all'): void {
  const [start, end] = rangeOf(node);
  // A scalar of several lines may have swallowed what was not meant to be in it.
  const whole = shown === 'all' && !text.slice(start, end).includes('\n');
  spans.push({ start, end, shownTo: whole ? end : start + (shown === 'all' ? 0 : shown) });
}

function rangeOf(node: Node): readonly [number, number] {
  return node.range ? [node.range[0], node.range[1]] : [0, 0];
}

/** The text up to its end or the first error. */
function paintHead(text: string, { spans, anchors, aliases }: Walk): string {
  const names = anchors.intersection(aliases);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, shownTo } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start < at || start >= text.length) continue;
    // An error inside a scalar: nobody knows where it was meant to end.
    const shown = end > text.length ? start : shownTo;
    parts.push(paintBetween(text.slice(at, start), names), text.slice(start, shown), hidden(text.slice(shown, end)));
    at = end;
  }
  return parts.join('') + paintBetween(text.slice(at), names);
}

/** Between scalars: punctuation, the core tags, and anchors that are used. */
function paintBetween(text: string, names: ReadonlySet<string>): string {
  return text.replace(BETWEEN, (found, anchor: string | undefined) => {
    if (anchor !== undefined) return names.has(anchor) ? found : `&${hidden(anchor)}`;
    return CORE_TAG.test(found) ? found : hidden(found);
  });
}

/** A comment or directive, an anchor, a tag, or anything that is not punctuation. */
const BETWEEN = /[#%][^\n]*|&([^\s,[\]{}]+)|![^\s,[\]{}]*|[^\s,[\]{}:?*&!#-]+/g;
const CORE_TAG = /^!!(?:str|int|float|bool|null|map|seq)$/;

/** Behind a syntax error: the words of the format that lines begin with. */
function paintTail(text: string, words: ReadonlySet<string>): string {
  return text
    .split('\n')
    .map((line) => {
      const [lead = '', key = ''] = /^[ \t]*(?:- +)*([\w-]+):(?=\s|$)/.exec(line) ?? [];
      return words.has(key) ? lead + hidden(line.slice(lead.length)) : hidden(line);
    })
    .join('\n');
}

/** Every line's text from its first visible character to its last, hidden. */
function hidden(text: string): string {
  return text.replace(/\S(?:.*\S)?/g, (found) => MASK.repeat(found.length));
}
