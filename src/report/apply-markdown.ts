import type { Plan, Refusal } from '../model/change.ts';
import type { ApplyReport, Outcome } from '../model/outcome.ts';
import { countLine, proofLines, usageLine } from './apply-text.ts';
import { labelOf } from './change-text.ts';
import { openMarkdown, type MarkdownWriter } from './markdown-writer.ts';
import { cut, markdownCode, markdownText } from './markup.ts';
import { painter } from './paint.ts';
import { ignoredItems, pausedItems, refusalItems, unreadableItems } from './plan-markdown.ts';
import { scopeText, targetText } from './target-text.ts';
import { count } from './words.ts';

/** The report of an apply for a comment or a job summary: what did not succeed first, what is proven, what it cost. */
export function applyMarkdown(report: ApplyReport, elsewhere: string | null): string {
  const out = open(report.plan, elsewhere);
  if (report.interrupted !== null)
    out.add(`> [!WARNING]\n> **Interrupted by ${report.interrupted}: what had not begun was not started.**`);
  out.add(`**${markdownText(countLine(report))}**`);
  out.put(
    '| | what | because |\n|---|---|---|',
    report.outcomes.filter(({ status }) => status !== 'succeeded').map(outcomeRow),
  );
  unreadableItems(out, report.plan, 'nothing was written under it');
  pausedItems(out, report.plan);
  ignoredItems(out, report.plan);
  out.put(
    `Not in the saved plan, not applied: ${count(report.notApplied.length, 'difference')}\n`,
    report.notApplied.map((address) => `- ${markdownCode(cut(address))}`),
  );
  const said = [...proofLines(report, painter(false)), usageLine(report.requests)];
  out.add(said.map((line) => markdownText(cut(line))).join('\\\n'));
  return out.text();
}

/** An apply that was refused: nothing was written. */
export function refusedMarkdown(
  { plan, refusals }: { readonly plan: Plan; readonly refusals: readonly Refusal[] },
  elsewhere: string | null,
): string {
  const out = open(plan, elsewhere);
  refusalItems(out, refusals, 'nothing was written');
  unreadableItems(out, plan, 'nothing is planned under it');
  return out.text();
}

/** A saved plan that no longer holds: nothing was written. */
export function staleMarkdown(
  { plan, moved }: { readonly plan: Plan | null; readonly moved: readonly string[] },
  elsewhere: string | null,
): string {
  const out = plan === null ? openMarkdown(elsewhere) : open(plan, elsewhere);
  out.put(
    '> [!CAUTION]\n> **Stale: nothing was written. Since the plan was saved:**',
    moved.map((line) => `> - ${markdownText(cut(line))}`),
  );
  out.add('Plan again, and apply what it shows now.');
  return out.text();
}

function open(plan: Plan, elsewhere: string | null): MarkdownWriter {
  const out = openMarkdown(elsewhere);
  out.add(`### Apply to ${markdownText(cut(targetText(plan.target)))}`);
  const scope = scopeText(plan.scope);
  if (scope !== null) out.add(`**Partial:** ${markdownText(cut(scope))}. The rest was left alone.`);
  return out;
}

function outcomeRow({ address, action, status, error, because }: Outcome): string {
  const why = [
    ...(error === undefined ? [] : [`${error.code}: ${error.message}`]),
    ...(because === undefined ? [] : [because]),
  ];
  const verb = labelOf(action).replace(/^\S+ /, '');
  return `| **${markdownText(status)}** | ${markdownText(verb)} ${markdownCode(cut(address))} | ${markdownText(cut(why.join('; ')))} |`;
}
