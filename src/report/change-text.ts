import type { Action, Change, Reason } from '../model/change.ts';
import type { Paint, Style } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { fieldText } from './value-text.ts';
import { wrapList } from './words.ts';

/**
 * The changes of a plan as a tree: two levels of containers, what lies deeper as aligned lines under them. A container
 * that does not change itself is only a heading.
 */
export function changeTree(
  changes: readonly Change[],
  options: { readonly paint: Paint; readonly width: number },
): string[] {
  return inOrder(treeOf(changes)).flatMap((node, index) => [
    ...(index === 0 ? [] : ['']),
    ...nodeLines(node, 0, options),
  ]);
}

interface Node {
  /** Its segment of the address as it is written there; below the second level, the rest of the address. */
  readonly name: string;
  change: Change | null;
  readonly inside: Map<string, Node>;
}

const CONTAINER_LEVELS = 2;

function treeOf(changes: readonly Change[]): Map<string, Node> {
  const top = new Map<string, Node>();
  for (const change of changes) {
    const segments = change.address.split('/');
    const path = segments.slice(0, CONTAINER_LEVELS);
    if (segments.length > CONTAINER_LEVELS) path.push(segments.slice(CONTAINER_LEVELS).join('/'));
    let siblings = top;
    let node: Node | undefined;
    for (const name of path) {
      node = siblings.get(name) ?? { name, change: null, inside: new Map() };
      siblings.set(name, node);
      siblings = node.inside;
    }
    if (node !== undefined) node.change = change;
  }
  return top;
}

type Options = { readonly paint: Paint; readonly width: number };

function nodeLines(node: Node, depth: number, options: Options): string[] {
  const indent = '  '.repeat(depth);
  const heading =
    node.change === null
      ? [`${indent}${options.paint('bold', sanitize(node.name))}`]
      : changeLines([{ name: node.name, change: node.change }], depth, options);
  return [...heading, ...insideLines(node, depth + 1, options)];
}

/** In order; neighbours with nothing inside them share their columns. */
function insideLines(node: Node, depth: number, options: Options): string[] {
  const lines: string[] = [];
  let run: { name: string; change: Change }[] = [];
  const endRun = () => {
    lines.push(...changeLines(run, depth, options));
    run = [];
  };
  for (const child of inOrder(node.inside)) {
    if (child.change !== null && child.inside.size === 0) {
      run.push({ name: child.name, change: child.change });
    } else {
      endRun();
      lines.push(...nodeLines(child, depth, options));
    }
  }
  endRun();
  return lines;
}

function inOrder(nodes: ReadonlyMap<string, Node>): readonly Node[] {
  return [...nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Siblings, one line each with their columns aligned, and below a line what does not fit on it. */
function changeLines(
  siblings: readonly { readonly name: string; readonly change: Change }[],
  depth: number,
  { paint, width }: Options,
): string[] {
  const indent = '  '.repeat(depth);
  const nameStyle = depth < CONTAINER_LEVELS ? 'bold' : null;
  const rows = siblings.map(({ name, change }) => ({
    change,
    cells: [labelOf(change.action), sanitize(name), detailOf(change)],
  }));
  const widths = [0, 1, 2].map((column) =>
    rows.reduce((widest, { cells }) => {
      const length = cells[column]?.length ?? 0;
      return length <= WIDEST_COLUMN ? Math.max(widest, length) : widest;
    }, 0),
  );
  return rows.flatMap(({ change, cells }) => {
    const styles: readonly (Style | null)[] = [actionStyle(change.action), nameStyle, null, 'dim'];
    const line = [...cells, placeOf(change)];
    while (line.at(-1) === '') line.pop();
    const painted = line.map((cell, column) => {
      const padding = column === line.length - 1 ? '' : ' '.repeat(Math.max(0, (widths[column] ?? 0) - cell.length));
      const style = styles[column] ?? null;
      return (style === null ? cell : paint(style, cell)) + padding;
    });
    return [
      indent + painted.filter((cell) => cell !== '').join('  '),
      ...belowLines(change, `${indent}    `, { paint, width }),
    ];
  });
}

/** One field fits on the line of its change; several stand below it, and so does all that dies with it, never folded. */
function belowLines(change: Change, indent: string, { paint, width }: Options): string[] {
  const fields = change.fields.length > 1 ? change.fields : [];
  const names = fields.map((field) => sanitize(field.field));
  const widest = Math.max(0, ...names.map((name) => name.length));
  const lines = fields.map((field, index) => {
    const name = (names[index] ?? '').padEnd(widest);
    const text = fieldText(change, field);
    return `${indent}${paint('dim', name)}  ${field.forcesReplacement ? paint('red', text) : text}`;
  });
  if (change.takes.length === 0) return lines;
  const inside = `${change.address}/`;
  const taken = change.takes.map((address) => (address.startsWith(inside) ? address.slice(inside.length) : address));
  return [...lines, ...wrapList(`${indent}takes ${taken.length}: `, taken, width).map((line) => paint('red', line))];
}

/** What differs where one line can say it, then why. */
function detailOf(change: Change): string {
  const notes = notesOf(change);
  return [differenceOf(change), notes.length === 0 ? '' : `(${notes.join('; ')})`]
    .filter((part) => part !== '')
    .join(' ');
}

function differenceOf(change: Change): string {
  const [only, second] = change.fields;
  if (only === undefined)
    return change.action !== 'delete' ? '' : isContainer(change) ? 'removed with everything in it' : 'removed';
  if (second !== undefined) return '';
  const text = fieldText(change, only);
  // What a container's member is set to needs no name: it has nothing else.
  return isContainer(change) ? `${sanitize(only.field)}  ${text}` : text;
}

function isContainer({ address }: Change): boolean {
  return address.split('/').length <= CONTAINER_LEVELS;
}

/** What a reader could not guess from the action: why, which selector, what the platform withholds. */
function notesOf(change: Change): readonly string[] {
  const notes: string[] = [];
  const why = reasonText(change.reason);
  if (why !== '') notes.push(why);
  if (change.selector !== null) notes.push(`selector ${sanitize(change.selector)}`);
  if (change.interrupts !== undefined) notes.push(sanitize(change.interrupts));
  if (!change.comparable) notes.push('the live value is withheld');
  return notes;
}

/** Empty where the action says it all. */
export function reasonText(reason: Reason): string {
  switch (reason) {
    case 'absent':
    case 'differs':
      return '';
    case 'undeclared':
      return 'not declared, pruned';
    case 'declared-absent':
      return 'declared absent';
    case 'releases-claim':
      return 'gives up what another entry takes';
    case 'recreated':
      return 'its container is replaced';
    default:
      return sanitize(reason satisfies never); // a saved plan of a later minor may know more reasons
  }
}

function placeOf(change: Change): string {
  return change.where === null ? '' : `(${sanitize(change.where.file)}:${change.where.line})`;
}

/** `+ create`; symbol and verb, the way every part of a report says it. */
export function labelOf(action: Action): string {
  switch (action) {
    case 'create':
      return '+ create';
    case 'update':
      return '~ update';
    case 'replace':
      return '-/+ replace';
    case 'delete':
      return '- delete';
    default:
      return `? ${sanitize(action satisfies never)}`; // as above
  }
}

export function actionStyle(action: Action): Style {
  switch (action) {
    case 'create':
      return 'green';
    case 'update':
      return 'yellow';
    case 'replace':
      return 'magenta';
    case 'delete':
      return 'red';
    default:
      action satisfies never;
      return 'cyan';
  }
}

/** A cell wider than this does not push the columns of its neighbours. */
const WIDEST_COLUMN = 48;
