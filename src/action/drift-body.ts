import { cut, markdownCode, markdownText } from '../report/markup.ts';
import { openMarkdown } from '../report/markdown-writer.ts';
import { targetText } from '../report/target-text.ts';
import { count } from '../report/words.ts';
import type { DriftDocument } from './report-document.ts';

/** What drifted as Markdown: a table, as long as an issue may be, with the number of what does not fit. */
export function driftMarkdown(document: DriftDocument, elsewhere: string | null): string {
  const out = openMarkdown(elsewhere);
  const { items } = document;
  out.add(`### Drift in ${markdownText(cut(targetText(document.target)))}`);
  out.add(
    items.length === 0
      ? '**No drift: everything managed is as the document says.**'
      : `**${count(items.length, 'thing')} moved away from the document.**`,
  );
  out.put(
    '**Could not be read; nothing is said of it**\n',
    document.unreadable.map(
      ({ collection, error }) =>
        `- ${markdownCode(cut(collection))} ${markdownText(cut(`${error.code}: ${error.message}`))}`,
    ),
  );
  out.put('| what | how | by |\n|---|---|---|', items.map(rowOf));
  out.add(`Read at ${markdownText(document.createdAt)}.`);
  return out.text();
}

/** The title of the issue. */
export function driftTitle(document: DriftDocument, name: string | null): string {
  const { teamSlug, teamId } = document.target;
  const team = cut(teamSlug ?? `id ${String(teamId)}`).replaceAll('@', '');
  return `Drift: ${count(document.items.length, 'thing')} moved in team ${team}${name === null ? '' : ` (${name})`}`;
}

function rowOf({ address, moved, fields, by, unattributed }: DriftDocument['items'][number]): string {
  const how = fields.length === 0 ? moved : `${moved}: ${fields.slice(0, 12).join(', ')}`;
  const who =
    by === undefined
      ? (unattributed ?? '')
      : [
          `${by.name ?? by.actor}${by.name === undefined && by.id !== undefined ? ` ${String(by.id)}` : ''}`,
          by.via,
          by.at,
        ]
          .filter((part) => part !== undefined)
          .join(', ');
  return `| ${markdownCode(cut(address))} | ${markdownText(cut(how))} | ${markdownText(cut(who))} |`;
}
