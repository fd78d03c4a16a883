import { parentAddress } from '../model/address.ts';
import { sortDiagnostics } from '../model/diagnostic.ts';
import { SEVERITIES, type Drift, type DriftItem, type Movement } from '../model/drift.ts';
import { diagnosticBlocks } from './diagnostic-text.ts';
import { sinceText, whoText } from './drift-words.ts';
import { coverageLines } from './coverage-text.ts';
import { compareText } from './envelope-json.ts';
import { exceptIgnored, ignoredLines } from './ignored-text.ts';
import { painter, type Paint, type Style } from './paint.ts';
import { unmanagedLines, unreadableLines } from './plan-text.ts';
import { sanitize } from './sanitize.ts';
import { isPartial, scopeText, targetText, teamText } from './target-text.ts';
import { count, joinSections } from './words.ts';

export interface DriftTextOptions {
  readonly color: boolean;
  /** By kind, the collection's key in the document; null: it is never pruned. */
  readonly collections: Readonly<Record<string, string | null>>;
  /** RFC 3339 UTC: when the live side was read (law J). */
  readonly readAt: string;
}

/**
 * For people: whose it is and when it was read, what moved and by whom, what is not managed, what could not be read. Ends
 * with a newline. Equal reports give equal text; no value is in it.
 */
export function renderDrift(drift: Drift, options: DriftTextOptions): string {
  const paint = painter(options.color);
  return joinSections([
    headingLines(drift, options, paint),
    itemLines(drift.items, paint),
    unmanagedLines(drift.unmanaged, options, paint),
    ignoredLines(drift.ignored, paint),
    unreadableLines(drift.unreadable, 'nothing is said of what is under', paint),
    diagnosticLines(drift, paint),
    conclusionLines(drift, paint),
  ]);
}

function headingLines({ target, scope }: Drift, { readAt }: DriftTextOptions, paint: Paint): string[] {
  const narrowed = scopeText(scope);
  return [
    paint('bold', `Drift of ${targetText(target)}`),
    `Read at ${readAt}.`,
    ...(narrowed === null ? [] : [paint('yellow', `Partial: ${narrowed}. The rest was not compared.`)]),
  ];
}

/** By container, one line each, and below it who it was. */
function itemLines(items: readonly DriftItem[], paint: Paint): string[] {
  const groups = [...Map.groupBy(items, ({ address }) => parentAddress(address) ?? '')];
  return groups
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([container, members]) => {
      const indent = container === '' ? '' : '  ';
      const names = members.map(({ address }) => sanitize(address.slice(address.lastIndexOf('/') + 1)));
      const widest = Math.max(0, ...names.map(({ length }) => Math.min(length, WIDEST_COLUMN)));
      return [
        ...(container === '' ? [] : [paint('bold', sanitize(container))]),
        ...members.map((item, index) => {
          const { word, style } = LABELS[item.moved];
          const fields = item.fields.length === 0 ? '' : `  (${item.fields.map(sanitize).join(', ')})`;
          return `${indent}${paint(style, word)}  ${(names[index] ?? '').padEnd(widest)}${fields}  ${paint('dim', `${whoText(item)}${sinceText(item)}`)}`;
        }),
      ];
    });
}

const LABELS: Readonly<Record<Movement, { readonly word: string; readonly style: Style }>> = {
  changed: { word: '~ changed   ', style: 'yellow' },
  missing: { word: '- missing   ', style: 'red' },
  unexpected: { word: '+ unexpected', style: 'green' },
};

function diagnosticLines({ diagnostics }: Drift, paint: Paint): string[] {
  if (diagnostics.length === 0) return [];
  return [diagnosticBlocks(sortDiagnostics(diagnostics, 'content'), new Map(), paint).join('\n')];
}

function severityLines(items: readonly DriftItem[]): readonly string[] {
  if (items.length === 0) return [];
  const counts = SEVERITIES.map((word) => `${items.filter(({ severity }) => severity === word).length} ${word}`);
  return [`Severity: ${counts.join(', ')}.`];
}

/** What it comes to, how much is managed, and what it cost: a sentence each. */
export function conclusionLines(
  { items, coverage, ignored, unreadable, scope, target, requests }: Drift,
  paint: Paint,
): string[] {
  const number = (moved: Movement): string => `${items.filter((item) => item.moved === moved).length} ${moved}`;
  const found =
    items.length > 0
      ? `Drift: ${number('changed')}, ${number('missing')}, ${number('unexpected')}.`
      : unreadable.length > 0
        ? `No drift in what could be read; ${count(unreadable.length, 'collection')} could not, and may differ.`
        : isPartial(scope)
          ? 'No drift in this scope. The rest was not compared.'
          : `No drift: what the files declare of ${teamText(target)} is live as they say${exceptIgnored(ignored)}.`;
  return [
    paint('bold', found),
    ...severityLines(items),
    ...coverageLines(coverage),
    `Reading took ${count(requests.read, 'request')}, and ${requests.logs} for who did it.`,
  ];
}

/** A name wider than this does not push the columns of its neighbours. */
const WIDEST_COLUMN = 40;
