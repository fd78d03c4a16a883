import { parentAddress, type Address } from '../model/address.ts';
import type { Change, ContainerCost, Plan, Refusal, Unreadable } from '../model/change.ts';
import { sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { actionStyle, changeTree } from './change-text.ts';
import { coverageLines } from './coverage-text.ts';
import { diagnosticBlocks } from './diagnostic-text.ts';
import { compareText, sorted } from './envelope-json.ts';
import { exceptIgnored, ignoredLines } from './ignored-text.ts';
import { pausedCount, pausedLines } from './paused-text.ts';
import { parityLines } from './parity-text.ts';
import { painter, type Paint } from './paint.ts';
import { recordLines, unsettledLines } from './records-text.ts';
import { sanitize } from './sanitize.ts';
import { isPartial, scopeText, targetText, teamText } from './target-text.ts';
import { count, duration, firstOf, joinSections } from './words.ts';

export interface TextOptions {
  readonly color: boolean;
  /** Columns. Lists are broken to it; sentences are left whole, so that they can be searched for. */
  readonly width: number;
  readonly command: 'plan' | 'apply' | 'show';
  /** By kind, the collection's key in the document, for the sentence of rule 5; null: it is never pruned. */
  readonly collections?: Readonly<Record<string, string | null>>;
  /** The refusals are told elsewhere; the conclusion still knows of them. */
  readonly withoutRefusals?: true;
}

/**
 * A plan for people: whose it is, what would change and why, what stays, what could not be read, what refuses it, and
 * what it would cost. Ends with a newline. Equal plans give equal text; values that plans do not show are not in it.
 */
export function renderPlan(plan: Plan, options: TextOptions): string {
  const paint = painter(options.color);
  return joinSections([
    headingLines(plan, options, paint),
    changeTree(plan.changes, { paint, width: options.width }),
    pausedLines(plan.paused ?? [], paint),
    ignoredLines(plan.ignored, paint),
    unmanagedLines(plan.unmanaged, options, paint),
    unreadableLines(plan.unreadable, 'nothing is planned under', paint),
    unsettledLines(plan.unsettled ?? [], paint),
    parityLines(plan.parity, paint),
    diagnosticLines(plan, paint),
    refusalLines(
      options.withoutRefusals === true ? [] : plan.refusals,
      options.command === 'apply' ? 'nothing is written' : 'apply would write nothing',
      paint,
    ),
    recordLines([...plan.changes, ...(plan.unsettled ?? [])], paint),
    containerLines(plan, paint),
    conclusionLines(plan, paint),
  ]);
}

function headingLines(plan: Plan, options: TextOptions, paint: Paint): string[] {
  const title = `${options.command === 'show' ? 'Saved plan' : 'Plan'} for ${targetText(plan.target)}`;
  const scope = scopeText(plan.scope);
  const partial = scope === null ? [] : [paint('yellow', `Partial: ${scope}. The rest is not planned.`)];
  return [paint('bold', title), ...partial];
}

/** Rule 5: what is live and not declared stays, and the plan says why. */
export function unmanagedLines(
  unmanaged: readonly Address[],
  options: Pick<TextOptions, 'collections'>,
  paint: Paint,
): string[] {
  if (unmanaged.length === 0) return [];
  const byParent = Map.groupBy(sorted(unmanaged), (address) => parentAddress(address));
  const groups = [...byParent].sort(([a], [b]) => compareText(a ?? '', b ?? '')).slice(0, MOST_PARENTS);
  const more = unmanaged.length - groups.reduce((sum, [, members]) => sum + members.length, 0);
  return [
    paint('bold', `Live and not declared: ${unmanaged.length}`),
    ...groups.flatMap(([parent, members]) => {
      const lines = members.slice(0, MOST_NAMED).map((address) => unmanagedText(address, options));
      if (members.length > MOST_NAMED) lines.push(`… and ${members.length - MOST_NAMED} more here`);
      const heading = parent === null ? [] : [`  ${sanitize(parent)}`];
      return [...heading, ...lines.map((line) => `${parent === null ? '  ' : '    '}${line}`)];
    }),
    ...(more > 0 ? [`  … and ${more} more elsewhere`] : []),
  ];
}

function unmanagedText(address: Address, { collections = {} }: Pick<TextOptions, 'collections'>): string {
  const own = address.slice(address.lastIndexOf('/') + 1);
  const colon = own.indexOf(':');
  const kind = own.slice(0, colon);
  const collection = Object.hasOwn(collections, kind) ? collections[kind] : undefined;
  const why =
    collection === null ? 'it is never pruned' : `prune does not name ${sanitize(collection ?? 'its collection')}`;
  return `unmanaged: ${sanitize(own.slice(colon + 1))} (stays; ${why})`;
}

/** Law A: unreadable is not absent, and the plan must not look complete. Also for the report of an apply. */
export function unreadableLines(unreadable: readonly Unreadable[], consequence: string, paint: Paint): string[] {
  if (unreadable.length === 0) return [];
  return [
    paint(['bold', 'red'], `${count(unreadable.length, 'collection')} could not be read; ${consequence}:`),
    ...unreadable.map(
      ({ collection, error }) =>
        `  ${sanitize(collection)}  ${paint('red', sanitize(error.code))}: ${sanitize(error.message)}`,
    ),
  ];
}

/** What is said of an undeclared thing that is listed as unmanaged is not said twice. */
export function toldDiagnostics(plan: Plan): readonly Diagnostic[] {
  const listed = new Set<string>(plan.unmanaged);
  const rest = plan.diagnostics.filter(
    ({ code, address }) => !(code === 'CVG508' && address !== undefined && listed.has(address)),
  );
  return sortDiagnostics(rest, 'content');
}

function diagnosticLines(plan: Plan, paint: Paint): string[] {
  const rest = toldDiagnostics(plan);
  return rest.length === 0 ? [] : [diagnosticBlocks(rest, new Map(), paint).join('\n')];
}

/** The refusals, each with exactly what would lift it for one run. `consequence` says what that means for this command. */
export function refusalLines(refusals: readonly Refusal[], consequence: string, paint: Paint): string[] {
  if (refusals.length === 0) return [];
  return [
    paint(['bold', 'red'], `Refused: ${consequence}.`),
    ...refusals.flatMap((refusal) => {
      const unnamed = refusal.addresses.filter((address) => !refusal.message.includes(address));
      return [
        `  ✗ ${paint('red', sanitize(refusal.rule))}: ${sanitize(refusal.message)}`,
        ...firstOf(unnamed, MOST_NAMED).map((address) => `      ${address}`),
        refusal.override === null
          ? `      ${paint('dim', 'nothing on the command line lifts this')}`
          : `      to allow it in this run: ${paint('bold', sanitize(refusal.override))}`,
      ];
    }),
  ];
}

/** What it comes to and what it costs, for people: a sentence each. */
export function conclusionLines(plan: Plan, paint: Paint): string[] {
  const { summary, requests } = plan;
  const reading = `reading took ${count(requests.read, 'request')}`;
  if (plan.changes.length === 0) {
    const unchanged = `${unchangedText(plan)} ${summary['no-op']} unchanged.`;
    return [paint('bold', unchanged), ...coverageLines(plan.coverage ?? []), `R${reading.slice(1)}.`];
  }
  const paused = pausedCount(plan.paused);
  const counts = (['create', 'update', 'replace', 'delete'] as const).map((action) => {
    const text = `${summary[action]} to ${action}`;
    return summary[action] === 0 ? text : paint(actionStyle(action), text);
  });
  const writes = count(requests.predictedWrites, 'write request');
  return [
    ...effectLines(plan.changes),
    `${paint('bold', 'Plan:')} ${counts.join(', ')}, ${summary['no-op']} unchanged${paused === 0 ? '' : `, ${paused} paused`}.`,
    `It would send ${writes} and cause ${count(requests.invalidations, 'subscription invalidation')}; ${reading}.`,
    ...costLines(plan),
    ...coverageLines(plan.coverage ?? []),
  ];
}

/** What executing it takes. */
function costLines({ cost }: Plan): readonly string[] {
  if (cost === undefined) return [];
  const { requests, seconds, rate } = cost;
  return [`Applying takes about ${count(requests, 'request')}, ${duration(seconds * 1000)} at ${rate} a second.`];
}

/** Where it writes, and what that invalidates; where it is one container, the conclusion says it. */
function containerLines({ cost }: Plan, paint: Paint): string[] {
  const containers = cost?.containers ?? [];
  if (containers.length < 2) return [];
  return [
    paint('bold', 'Written, and subscriptions invalidated, by container:'),
    ...firstOf(containers.map(containerText), MOST_NAMED).map((line) => `  ${line}`),
  ];
}

/** `project:shop: 2 writes, 1 invalidation`. */
function containerText({ address, writes, invalidations }: ContainerCost): string {
  return `${address}: ${count(writes, 'write')}, ${count(invalidations, 'invalidation')}`;
}

/** What does not take effect at once, said once for all changes that it holds for. */
function effectLines(changes: readonly Change[]): string[] {
  const late = Map.groupBy(changes, ({ effect }) => effect);
  return [...late].flatMap(([effect, members]) =>
    effect === undefined
      ? []
      : [`${count(members.length, 'change')} ${members.length === 1 ? 'takes' : 'take'} effect ${sanitize(effect)}.`],
  );
}

/** Says that all is as declared only where all was seen and compared; otherwise how far the statement reaches. */
function unchangedText(plan: Plan): string {
  if (plan.refusals.length > 0) return 'No changes are planned, see what refuses the plan.';
  if (plan.unreadable.length > 0) {
    return `No changes in what could be read; ${count(plan.unreadable.length, 'collection')} could not, and may differ.`;
  }
  if (plan.diagnostics.some(({ code, severity }) => severity === 'error' || NOT_COMPARED.has(code))) {
    return 'No changes in what could be compared; see above for what could not.';
  }
  const paused = pausedCount(plan.paused);
  if (paused > 0)
    return `No changes but what is paused: ${count(paused, 'change')} ${paused === 1 ? 'waits' : 'wait'} for the pauses above.`;
  if (isPartial(plan.scope))
    return `No changes in this scope: what it selects is as the files say${exceptIgnored(plan.ignored)}. The rest was not compared.`;
  return `No changes: ${teamText(plan.target)} is as the files say${exceptIgnored(plan.ignored)}.`;
}

/** `cannot be compared` and `value left unresolved`. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['CVG513', 'CVG405']);
const MOST_NAMED = 20;
const MOST_PARENTS = 20;
