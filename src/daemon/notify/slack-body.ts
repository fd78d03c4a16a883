import { sanitize } from '../../report/sanitize.ts';
import type { Message } from './message.ts';
import type { Notice } from './notices.ts';

/** Half a minute of reading; the rest is in the history. */
const MOST_LINES = 8;

const SIGNS: Readonly<Record<Notice['rule'], string>> = {
  drift: ':warning:',
  healed: ':white_check_mark:',
  applied: ':white_check_mark:',
  failed: ':x:',
  held: ':no_entry:',
  stalled: ':x:',
  invalid: ':x:',
  unreachable: ':x:',
  recovered: ':white_check_mark:',
};

/** The JSON of an incoming webhook of Slack, and of what understands the same: one text, nothing in it rings anybody. */
export function slackBody({ notices, target, run, earlier }: Message): string {
  const team = target?.teamSlug ?? (target === null ? null : String(target.teamId));
  const head = `*converge*${team === null ? '' : `, team ${code(team)}`}, run ${run}`;
  const summed = Object.entries(earlier.things).map(([rule, count]) => `${rule} ${count}`);
  const more =
    earlier.messages === 0 ? [] : [`_and ${earlier.messages} more messages before this: ${summed.join(', ')}_`];
  return JSON.stringify({
    text: [head, ...notices.flatMap(linesOf), ...more].join('\n'),
    mrkdwn: true,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  });
}

function linesOf({ rule, message, detail, items }: Notice): readonly string[] {
  const count = items.length === 0 ? '' : ` (${items.length})`;
  const rest = items.length - MOST_LINES;
  return [
    `${SIGNS[rule]} ${escaped(message)}${count}${detail === null ? '' : `: ${code(detail)}`}`,
    ...items.slice(0, MOST_LINES).map(({ address, action, note, fields }) => {
      const names = fields.length === 0 ? '' : `, fields ${fields.map(code).join(' ')}`;
      return `• ${code(address)} ${escaped(action)}, ${escaped(note)}${names}`;
    }),
    ...(rest > 0 ? [`• and ${rest} more`] : []),
  ];
}

/** Verbatim: neither `_` nor `~` of a name is markup, and no name can end it. */
function code(text: string): string {
  return `\`${escaped(text).replaceAll('`', "'")}\``;
}

/** The three characters that mean something to Slack: without `<` there is no mention, no link, no `<!channel>`. */
function escaped(text: string): string {
  return sanitize(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
