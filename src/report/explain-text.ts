import type { Explanation, LineHistory, StandingOfOne } from '../model/explanation.ts';
import { instantText } from '../model/instant.ts';
import { formatPlace } from '../model/place.ts';
import { diagnosticBlocks } from './diagnostic-text.ts';
import { labelOf, reasonText } from './change-text.ts';
import { whoText } from './drift-words.ts';
import { painter, type Style } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { targetText } from './target-text.ts';
import { fieldText, valueText } from './value-text.ts';
import { count, joinSections, wrapList } from './words.ts';

export interface ExplainTextOptions {
  readonly color: boolean;
  readonly width: number;
  /** RFC 3339 UTC: when the live side was read (law J). */
  readonly readAt: string;
}

/** For people: how a thing stands, where it is asked for, what is live, who touched it, what the plan does and why. Ends with a newline. */
export function renderExplanation(explanation: Explanation, { color, width, readAt }: ExplainTextOptions): string {
  const paint = painter(color);
  const { address, target, standing, requests } = explanation;
  const { text, style } = STANDINGS[standing];
  const rows = [
    row('Document', documentLines(explanation)),
    row('Live', liveLines(explanation)),
    row('Last event', eventLines(explanation)),
    row('Plan', planLines(explanation)),
    row('Needs', listLines(explanation.needs, width)),
    row('Dependents', listLines(explanation.dependents, width)),
  ];
  return joinSections([
    [`${paint('bold', sanitize(address))}  ${paint(style, text)}`, `In ${targetText(target)}. Read at ${readAt}.`],
    rows.flat(),
    explanation.diagnostics.length === 0
      ? []
      : [diagnosticBlocks(explanation.diagnostics, new Map(), paint).join('\n')],
    [`Reading took ${count(requests.read, 'request')}, and ${requests.logs} for its last event.`],
  ]);

  function row(label: string, lines: readonly string[]): readonly string[] {
    return lines.map((line, index) => `${paint('dim', (index === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`);
  }
}

const LABEL_WIDTH = 12;
/** Of a thing that contains thousands, these say enough; JSON has all. */
const MOST_LISTED = 20;

const STANDINGS: Readonly<Record<StandingOfOne, { readonly text: string; readonly style: Style }>> = {
  'in-sync': { text: 'in sync', style: 'green' },
  differs: { text: 'differs', style: 'yellow' },
  missing: { text: 'declared, and not there', style: 'red' },
  absent: { text: 'not there, as declared', style: 'green' },
  unmanaged: { text: 'there, not declared, and kept', style: 'cyan' },
  ignored: { text: 'ignored: policy.ignore leaves it as it is', style: 'cyan' },
  unknown: { text: 'unknown: not everything of it could be compared', style: 'red' },
};

function documentLines({ declared }: Explanation): readonly string[] {
  if (declared === null) return ['does not ask for it'];
  const { where, selector, line, fields } = declared;
  return [
    `${sanitize(formatPlace(where))}, ${lineText(line)}`,
    ...(selector === null ? [] : [`asked by selector ${sanitize(selector)}`]),
    `manages ${fields.map(sanitize).join(', ')}`,
  ];
}

function lineText(line: LineHistory): string {
  switch (line.type) {
    case 'committed':
      return sanitize(
        `last changed by ${line.author} in ${line.commit.slice(0, 12)}, ${instantText(line.at)}: ${line.summary}`,
      );
    case 'uncommitted':
      return 'not committed yet';
    case 'unknown':
      return `last author unknown: ${sanitize(line.why)}`;
    default:
      return line satisfies never;
  }
}

function liveLines({ live, lastEqualAt, unreadable }: Explanation): readonly string[] {
  const equal = lastEqualAt === null ? [] : [`last seen as declared at ${instantText(lastEqualAt)}`];
  const unread = unreadable.map(
    ({ collection, error }) => `could not be read: ${sanitize(collection)}: ${sanitize(error.message)}`,
  );
  if (live === null) return [unread.length === 0 ? 'not there' : 'not known', ...equal, ...unread];
  const { fields, hidden, fingerprint } = live;
  const shown = Object.entries(fields).map(([field, value]) => `${sanitize(field)} ${valueText(value)}`);
  const kept = hidden.map((field) => `${sanitize(field)} (not shown)`);
  const print = fingerprint === null ? 'none without CONVERGE_PLAN_KEY' : fingerprint;
  return [[...shown, ...kept].join(', '), `fingerprint ${print}`, ...equal, ...unread];
}

function eventLines({ lastEvent }: Explanation): readonly string[] {
  return [whoText(lastEvent)];
}

function planLines({ change, refusals, pauses, ignored }: Explanation): readonly string[] {
  const paused = pauses.map(({ address, owner, reason, expires }) =>
    sanitize(`paused by ${address} until ${expires} (${owner}: ${reason})`),
  );
  const left = ignored.map(({ address, fields, reason, expires }) =>
    sanitize(
      `ignored by ${address}${fields.length === 0 ? '' : ` (${fields.join(', ')})`} until ${expires}: ${reason}`,
    ),
  );
  const refused = refusals.map(({ message }) => `refused: ${sanitize(message)}`);
  if (change === null) return ['nothing to do', ...refused, ...paused, ...left];
  const why = reasonText(change.reason);
  return [
    `${labelOf(change.action)}${why === '' ? '' : `  (${why})`}${change.selector === null ? '' : `  selector ${sanitize(change.selector)}`}`,
    ...change.fields.map((field) => `  ${sanitize(field.field)}  ${fieldText(change, field)}`),
    ...(change.dependsOn.length === 0 ? [] : [`  after ${change.dependsOn.map(sanitize).join(', ')}`]),
    ...refused,
    ...paused,
    ...left,
  ];
}

function listLines(addresses: readonly string[], width: number): readonly string[] {
  if (addresses.length === 0) return ['nothing'];
  const shown = addresses.slice(0, MOST_LISTED);
  const more = addresses.length - shown.length;
  return [...wrapList('', shown, Math.max(40, width - LABEL_WIDTH)), ...(more === 0 ? [] : [`… and ${more} more`])];
}
