import { sortDiagnostics } from '../model/diagnostic.ts';
import type { Drift, DriftItem, Movement } from '../model/drift.ts';
import { diagnosticLine } from './diagnostic-markdown.ts';
import { conclusionLines } from './drift-text.ts';
import { sinceText, whoText } from './drift-words.ts';
import { compareText, sorted } from './envelope-json.ts';
import { openMarkdown } from './markdown-writer.ts';
import { cut, markdownCode, markdownText } from './markup.ts';
import { painter } from './paint.ts';
import { ignoredItems, unreadableItems } from './plan-markdown.ts';
import { scopeText, targetText } from './target-text.ts';
import { count } from './words.ts';

export interface DriftMarkdownOptions {
  /** Where the whole of it is, for what does not fit; null: nowhere else. */
  readonly elsewhere: string | null;
  /** RFC 3339 UTC: when the live side was read (law J). */
  readonly readAt: string;
}

/**
 * What moved, for an issue, a comment or a job summary: what it comes to, all that is missing or unexpected, and what changed,
 * folded by container where it is much. Always under 65,536 characters, saying how much was left out. Equal reports give equal
 * text. Nothing in it that came from outside is markup, and no value is in it.
 */
export function driftMarkdown(drift: Drift, { elsewhere, readAt }: DriftMarkdownOptions): string {
  const out = openMarkdown(elsewhere);
  out.add(headingOf(drift, readAt));
  const items = [...drift.items].sort((a, b) => compareText(a.address, b.address));
  for (const moved of ['missing', 'unexpected'] as const) {
    const of = items.filter((item) => item.moved === moved);
    out.put(
      `**${LEADS[moved]}**\n\n${HEAD}`,
      of.map((item) => rowOf(item)),
    );
  }
  const changed = items.filter(({ moved }) => moved === 'changed');
  const isFolded = changed.length > MOST_OPEN;
  for (const [container, members] of Map.groupBy(changed, ({ address }) => address.split('/')[0] ?? '')) {
    const title = `${markdownCode(cut(container))}: ${count(members.length, 'thing')} changed`;
    out.put(
      isFolded ? HEAD : `${title}\n\n${HEAD}`,
      members.map((item) => rowOf(item, container)),
      isFolded ? title : null,
    );
  }
  ignoredItems(out, drift);
  unreadableItems(out, drift, 'nothing is said of what is under it');
  const told = sortDiagnostics(drift.diagnostics, 'content');
  out.put('', told.map(diagnosticLine), told.length === 0 ? null : count(told.length, 'warning'));
  out.put(
    '',
    sorted(drift.unmanaged).map((address) => `- ${markdownCode(cut(address))}`),
    `Live and not declared: ${String(drift.unmanaged.length)} (they stay)`,
  );
  return out.text();
}

function headingOf(drift: Drift, readAt: string): string {
  const scope = scopeText(drift.scope);
  const [found = '', ...rest] = conclusionLines(drift, painter(false));
  return [
    `### Drift of ${markdownText(cut(targetText(drift.target)))}`,
    ...(scope === null ? [] : [`**Partial:** ${markdownText(cut(scope))}. The rest was not compared.`]),
    [`**${markdownText(found)}**`, ...[`Read at ${readAt}.`, ...rest].map(markdownText)].join('\\\n'),
  ].join('\n\n');
}

const LEADS: Readonly<Record<Exclude<Movement, 'changed'>, string>> = {
  missing: 'Missing: declared, and not there',
  unexpected: 'Unexpected: there, and the document would remove it',
};

const HEAD = '| severity | what | fields | who | line |\n|---|---|---|---|---|';

/** `within`: what the heading above has said already. */
function rowOf(item: DriftItem, within: string | null = null): string {
  const { address, fields, severity, where } = item;
  const shown = fields.slice(0, MOST_FIELDS).map(markdownCode);
  const more = fields.length > shown.length ? [`and ${String(fields.length - shown.length)} more`] : [];
  const cells = [
    `\`${severity}\``,
    markdownCode(cut(within !== null && address.startsWith(`${within}/`) ? address.slice(within.length + 1) : address)),
    [...shown, ...more].join(', '),
    markdownText(cut(`${whoText(item)}${sinceText(item)}`)),
    where === null ? '' : markdownCode(cut(`${where.file}:${String(where.line)}`)),
  ];
  return `| ${cells.join(' | ')} |`;
}

const MOST_OPEN = 10;
const MOST_FIELDS = 12;
