import type { Address } from '../model/address.ts';
import type { Action, Change, Plan, Refusal } from '../model/change.ts';
import { labelOf, reasonText } from './change-text.ts';
import { compareText, sorted } from './envelope-json.ts';
import { ignoredCount, ignoredTitle } from './ignored-text.ts';
import { cut, markdownCode, markdownText } from './markup.ts';
import { diagnosticLine } from './diagnostic-markdown.ts';
import { openMarkdown, type MarkdownWriter } from './markdown-writer.ts';
import { parityItems } from './parity-markdown.ts';
import { painter } from './paint.ts';
import { conclusionLines, toldDiagnostics } from './plan-text.ts';
import { scopeText, targetText } from './target-text.ts';
import { fieldText } from './value-text.ts';
import { count } from './words.ts';

export interface MarkdownOptions {
  readonly command: 'plan' | 'apply' | 'show';
  /** Where the whole of it is, for what does not fit: `the job's artifact plan.html`; null: nowhere else. */
  readonly elsewhere: string | null;
}

/**
 * A plan for a comment or a job summary: what it comes to, what refuses it, all that is deleted or replaced, and the rest
 * folded by container. Always under 65,536 characters, saying how much was left out. Equal plans give
 * equal text. Nothing in it that came from outside is markup.
 */
export function planMarkdown(plan: Plan, options: MarkdownOptions): string {
  const out = openMarkdown(options.elsewhere);
  out.add(headingOf(plan, options));
  refusalItems(out, plan.refusals, options.command === 'apply' ? 'nothing is written' : 'apply would write nothing');
  pausedItems(out, plan);
  out.put(
    `**Deletes and replaces**\n\n${HEAD}`,
    destructive(plan.changes).map((change) => rowOf(change)),
  );
  const rest = inOrder(plan.changes).filter((change) => !isDestructive(change));
  const containers = Map.groupBy(rest, ({ address }) => address.split('/')[0] ?? '');
  for (const [container, changes] of containers) {
    const title = `${markdownCode(cut(container))}: ${countsOf(changes)}`;
    const isFolded = rest.length > MOST_OPEN;
    out.put(
      isFolded ? HEAD : `${title}\n\n${HEAD}`,
      changes.map((change) => rowOf(change, container)),
      isFolded ? title : null,
    );
  }
  ignoredItems(out, plan);
  unreadableItems(out, plan, 'nothing is planned under it');
  out.put(
    'Records to set up where the names are kept:\n',
    recordsOf(plan).map((cells) => item(cells.map((cell) => markdownCode(cut(cell))).join(' '))),
  );
  const written = plan.cost?.containers ?? [];
  out.put(
    '| container | writes | subscription invalidations |\n|---|---|---|',
    written.map(
      ({ address, writes, invalidations }) =>
        `| ${markdownCode(cut(address))} | ${String(writes)} | ${String(invalidations)} |`,
    ),
    `Writes in ${count(written.length, 'container')}`,
  );
  parityItems(out, plan.parity);
  const told = toldDiagnostics(plan);
  out.put('', told.map(diagnosticLine), told.length === 0 ? null : count(told.length, 'warning'));
  out.put(
    '',
    sorted(plan.unmanaged).map((address) => item(markdownCode(cut(address)))),
    `Live and not declared: ${String(plan.unmanaged.length)} (they stay)`,
  );
  return out.text();
}

function headingOf(plan: Plan, { command }: MarkdownOptions): string {
  const title = `### ${command === 'show' ? 'Saved plan' : 'Plan'} for ${markdownText(cut(targetText(plan.target)))}`;
  const scope = scopeText(plan.scope);
  const partial = scope === null ? [] : [`**Partial:** ${markdownText(cut(scope))}. The rest is not planned.`];
  const conclusion = conclusionLines(plan, painter(false)).map((line) =>
    /^(?:Plan:|No changes)/.test(line) ? `**${markdownText(line)}**` : markdownText(line),
  );
  return [title, ...partial, conclusion.join('\\\n')].join('\n\n');
}

/** What refuses it, each with what would lift it. `consequence` says what that means. */
export function refusalItems(out: MarkdownWriter, refusals: readonly Refusal[], consequence: string): void {
  out.put(`> [!CAUTION]\n> **Refused: ${consequence}.**`, refusals.map(refusalLine));
}

/** Law A: unreadable is not absent. */
export function unreadableItems(
  out: MarkdownWriter,
  { unreadable }: Pick<Plan, 'unreadable'>,
  consequence: string,
): void {
  out.put(
    `**Could not be read; ${consequence}**\n`,
    unreadable.map(({ collection, error }) =>
      item(`${markdownCode(cut(collection))} ${markdownText(cut(`${error.code}: ${error.message}`))}`),
    ),
  );
}

/** The pauses in force stand in every plan and every report. */
export function pausedItems(out: MarkdownWriter, { paused = [] }: Plan): void {
  out.put(
    '> [!WARNING]\n> **Paused: nobody changes this until it expires.**',
    paused.map(
      ({ address, owner, reason, expires, held }) =>
        `> - ${markdownCode(cut(address))} until ${markdownText(expires)} (${markdownText(cut(`${owner}: ${reason}`))}), holds ${count(held.length, 'change')}`,
    ),
  );
}

/** What the document ignores, and why. */
export function ignoredItems(out: MarkdownWriter, { ignored = [] }: Pick<Plan, 'ignored'>): void {
  out.put(
    '**Ignored, as the document says**\n',
    ignored.map((rule) => item(`${markdownText(cut(ignoredTitle(rule)))} (${ignoredCount(rule)})`)),
  );
}

function refusalLine({ rule, message, override }: Refusal): string {
  const lift =
    override === null
      ? 'Nothing on the command line lifts this.'
      : `To allow it in one run: ${markdownCode(cut(override))}`;
  return `> - **${markdownText(rule)}**: ${markdownText(cut(message))}. ${lift}`;
}

function item(text: string): string {
  return `- ${text}`;
}

function isDestructive({ action }: Pick<Change, 'action'>): boolean {
  return action === 'delete' || action === 'replace';
}

function destructive(changes: readonly Change[]): readonly Change[] {
  const [holding, others] = [true, false].map((takes) =>
    inOrder(changes).filter((change) => isDestructive(change) && change.takes.length > 0 === takes),
  );
  return [...(holding ?? []), ...(others ?? [])];
}

function inOrder(changes: readonly Change[]): readonly Change[] {
  return [...changes].sort((a, b) => compareText(a.address, b.address));
}

const HEAD = '| | what | difference | why | line |\n|---|---|---|---|---|';

/** `within`: what the heading above has said already. */
function rowOf(change: Change, within: string | null = null): string {
  const { address, action, reason, selector, fields, takes, where } = change;
  const differences = fields.map((field) => `${markdownCode(field.field)} ${markdownText(fieldText(change, field))}`);
  const taken = takes.length === 0 ? [] : [`takes ${String(takes.length)}: ${listOf(takes, address)}`];
  const why = [
    reasonText(reason),
    selector === null ? '' : `selector ${selector}`,
    change.interrupts ?? '',
    change.comparable ? '' : 'the live value is withheld',
    change.effect === undefined ? '' : `takes effect ${change.effect}`,
  ].filter((part) => part !== '');
  const cells = [
    `\`${labelOf(action)}\``,
    markdownCode(cut(within !== null && address.startsWith(`${within}/`) ? address.slice(within.length + 1) : address)),
    [...differences.slice(0, MOST_FIELDS), ...taken].join('<br>'),
    markdownText(cut(why.join('; '))),
    where === null ? '' : markdownCode(cut(`${where.file}:${String(where.line)}`)),
  ];
  return `| ${cells.join(' | ')} |`;
}

function listOf(takes: readonly Address[], address: Address): string {
  const inside = takes.map((taken) => (taken.startsWith(`${address}/`) ? taken.slice(address.length + 1) : taken));
  const shown = sorted(inside)
    .slice(0, MOST_TAKEN)
    .map((name) => markdownCode(cut(name)));
  return [...shown, ...(inside.length > shown.length ? [`and ${String(inside.length - shown.length)} more`] : [])].join(
    ', ',
  );
}

function countsOf(changes: readonly Pick<Change, 'action'>[]): string {
  const by = Map.groupBy(changes, ({ action }) => action);
  const actions: readonly Action[] = ['create', 'update', 'replace', 'delete'];
  const parts = actions.flatMap((action) => {
    const n = by.get(action)?.length ?? 0;
    return n === 0 ? [] : [`${String(n)} to ${action}`];
  });
  const others = [...by.keys()].filter((action) => !actions.includes(action)).map(markdownText);
  return [...parts, ...others].join(', ');
}

function recordsOf(plan: Plan): readonly (readonly string[])[] {
  const all = [...plan.changes, ...(plan.unsettled ?? [])]
    .sort((a, b) => compareText(a.address, b.address))
    .flatMap(({ records = [] }) => records)
    .map(({ type, name, value }) => [type, name, value ?? 'known after apply']);
  return [...new Map(all.map((cells) => [JSON.stringify(cells), cells])).values()];
}

const MOST_OPEN = 10;
const MOST_FIELDS = 12;
const MOST_TAKEN = 20;
