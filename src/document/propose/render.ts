import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { lineText, textLike } from '../dump/yaml-scalar.ts';
import { editBlock } from './edit-block.ts';
import { editFlow } from './edit-flow.ts';
import { behindColon, endOf, endOfPair, isBlock, isNothing, lineStart, startOf } from './extent.ts';
import type { Intent, IntentOf } from './intents.ts';
import type { Outcome } from './outcome.ts';
import type { Splice } from './splice.ts';
import { keyText, type SyntaxFile } from './syntax.ts';

/** The name of the variable that holds a value which does not stand in the document. */
export type NameOf = (intent: Intent) => string;

export interface Rendered {
  readonly splices: readonly Splice[];
  /** Intents that cannot be written, and why. */
  readonly failed: readonly { readonly intent: Intent; readonly why: string }[];
}

/** Intents of one file → splices. What is edited of one collection is edited at once. */
export function render(file: SyntaxFile, intents: readonly Intent[], nameOf: NameOf): Rendered {
  const splices: Splice[] = [];
  const failed: { intent: Intent; why: string }[] = [];
  const collections = new Map<Node, Intent[]>();
  const merges = new Map<Node, IntentOf<'merge'>[]>();
  const group = <Key, One>(groups: Map<Key, One[]>, key: Key, one: One): void => {
    groups.set(key, [...(groups.get(key) ?? []), one]);
  };
  for (const intent of intents) {
    const name = nameOf(intent);
    switch (intent.type) {
      case 'value':
        splices.push(replaced(file, intent, name));
        break;
      case 'inner':
        splices.push(inner(file, intent, name));
        break;
      case 'merge':
        group(merges, intent.alias, intent);
        break;
      case 'open':
        group(collections, intent.map, intent);
        break;
      case 'entry':
        group(collections, intent.list, intent);
        break;
      case 'add':
      case 'remove':
        group(collections, intent.collection, intent);
        break;
      default:
        intent satisfies never;
    }
  }
  for (const [alias, all] of merges) {
    const [start, end] = [startOf(alias), endOf(alias, file.text)];
    const said = all.map((one) => member(one.key, one.outcome, nameOf(one)));
    const text = `{ ${['<<: ' + file.text.slice(start, end), ...said].join(', ')} }`;
    splices.push({ start, end, text, depth: depthOf(file, alias) });
  }
  for (const [node, all] of collections) {
    const found = collection(file, node as YAMLMap | YAMLSeq, { intents: all, nameOf });
    if (typeof found === 'string') failed.push(...all.map((intent) => ({ intent, why: found })));
    else splices.push(...found);
  }
  return { splices, failed };
}

/** The short form in the place of a scalar or an alias, in the quotes that were there. */
function replaced(file: SyntaxFile, { node, outcome }: IntentOf<'value'>, name: string): Splice {
  const { text } = file;
  const depth = depthOf(file, node);
  const quotes = !isScalar(node)
    ? null
    : node.type === 'QUOTE_DOUBLE'
      ? 'double'
      : node.type === 'QUOTE_SINGLE'
        ? 'single'
        : null;
  const short = shortForm(outcome, name, quotes);
  const holder = file.holderOf(node);
  if (isNothing(node) && holder !== null && 'pair' in holder) {
    const at = behindColon(holder.pair, text);
    return { start: at, end: at, text: ` ${short}`, depth };
  }
  const [start, behind] = [startOf(node), endOf(node, text)];
  // A tag says what scalars are, and is wrong before a map.
  const isMapNow = outcome.type === 'reference' || outcome.type === 'gone';
  const tag = isMapNow ? (/![^\s,{}[\]]*[ \t]+$/.exec(text.slice(lineStart(text, start), start))?.[0].length ?? 0) : 0;
  if (!isBlock(node)) return { start: start - tag, end: behind, text: short, depth };
  // Empty lines at its end are left as they are.
  const block = text.slice(start, behind).trimEnd();
  const comment = /^[^\n#]*?(\s+#[^\r\n]*)/.exec(block)?.[1] ?? '';
  return { start: start - tag, end: start + block.length, text: `${short}${comment}`, depth };
}

/** In a long form: the member that said the value or its source. */
function inner(file: SyntaxFile, { written, outcome, shorthand }: IntentOf<'inner'>, name: string): Splice {
  const start = startOf(written.pair.key);
  const end = endOfPair(written.pair, file.text);
  const text =
    outcome.type === 'reference'
      ? `fromEnv: ${lineText(name)}`
      : outcome.type === 'gone'
        ? 'absent: true'
        : `${shorthand}: ${shortForm(outcome, name, null)}`;
  return { start, end, text, depth: depthOf(file, written.map) };
}

function collection(
  file: SyntaxFile,
  node: YAMLMap | YAMLSeq,
  { intents, nameOf }: { readonly intents: readonly Intent[]; readonly nameOf: NameOf },
): readonly Splice[] | string {
  const removed = new Set<number>();
  const added: { readonly lines: readonly string[]; readonly flow: string }[] = [];
  const opened = new Map<string, string[]>();
  let after: string | null = null;
  for (const intent of intents) {
    if (intent.type === 'remove') removed.add(intent.index);
    else if (intent.type === 'add') {
      const line = member(intent.key, intent.outcome, nameOf(intent));
      added.push({ lines: [line], flow: line });
      after ??= intent.after;
    } else if (intent.type === 'open') {
      const said = opened.get(intent.collection) ?? [];
      opened.set(intent.collection, [...said, member(intent.key, intent.outcome, nameOf(intent))]);
      after = intent.after;
    } else if (intent.type === 'entry') {
      const said = [...intent.fields].map(([field, outcome]) => member(field, outcome, nameOf(intent)));
      const flow = `{ ${said.join(', ')} }`;
      const asBlock = likeBlocks(node);
      added.push({
        lines: asBlock ? said.map((line, n) => (n === 0 ? `- ${line}` : `  ${line}`)) : [`- ${flow}`],
        flow,
      });
    }
  }
  for (const [key, said] of opened)
    added.push({ lines: [`${key}:`, ...said.map((line) => `  ${line}`)], flow: `${key}: { ${said.join(', ')} }` });
  const depth = depthOf(file, node);
  const index = (node.items as Pair<Node, Node | null>[]).findIndex(
    (pair) => after !== null && isMap(node) && keyText(pair) === after,
  );
  const place = index === -1 ? null : index;
  if (node.flow === true)
    return editFlow(file.text, node, { removed, added: added.map(({ flow }) => flow), after: place, depth });
  const holder = file.holderOf(node);
  const emptyAt = holder !== null && 'pair' in holder ? behindColon(holder.pair, file.text) : null;
  return editBlock(file.text, node, { removed, added: added.map(({ lines }) => lines), after: place, emptyAt, depth });
}

/** New entries look like the last one that is there. */
function likeBlocks(list: Node): boolean {
  const last = isSeq(list) ? list.items.at(-1) : undefined;
  return !(isMap(last) && last.flow === true);
}

function member(key: string, outcome: Outcome, name: string): string {
  return `${lineText(key)}: ${shortForm(outcome, name, null)}`;
}

function shortForm(outcome: Outcome, name: string, quotes: 'double' | 'single' | null): string {
  switch (outcome.type) {
    case 'clear':
      return textLike(outcome.text, quotes);
    case 'reference':
      return `{ fromEnv: ${lineText(name)} }`;
    case 'scalar':
      return typeof outcome.value === 'string' ? textLike(outcome.value, quotes) : String(outcome.value);
    case 'gone':
      return '{ absent: true }';
    default:
      return outcome satisfies never;
  }
}

/** How many collections a node stands in. */
function depthOf(file: SyntaxFile, node: Node): number {
  let depth = 0;
  for (let holder = file.holderOf(node); holder !== null; depth += 1)
    holder = file.holderOf('pair' in holder ? holder.map : holder);
  return depth;
}
