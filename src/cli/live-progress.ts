import type { Address } from '../model/address.ts';
import type { Plan } from '../model/change.ts';
import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import { type ChangeGroup, groupChanges } from './change-groups.ts';
import { type Line, drawLines } from './live-lines.ts';
import type { Progress } from './progress.ts';
import type { Screen } from './terminal.ts';

/**
 * Progress as tasks: reading, then one task for each group of changes, then the proof. `settle` waits until the last
 * frame is drawn; phases follow each other, since each takes the stream over while it lasts.
 */
export function liveProgress(stream: NodeJS.WriteStream, screen: Screen): Progress {
  let drawn: Promise<unknown> = Promise.resolve();
  let open: readonly Line[] = [];
  let plan: Plan | null = null;
  let reading: { readonly line: Line; readonly title: string; readonly counts: Map<string, number> } | null = null;
  let applying: ReadonlyMap<
    Address,
    { readonly group: ChangeGroup; readonly line: Line; done: number; readonly failed: Outcome[] }
  > | null = null;

  const closePhase = (): void => {
    for (const line of open) line.finish();
    open = [];
    reading = null;
    applying = null;
  };
  const openPhase = (titles: readonly string[]): readonly Line[] => {
    closePhase();
    const { lines, draw } = drawLines(titles, stream, screen);
    drawn = drawn.then(draw);
    open = lines;
    return lines;
  };

  const onReading = (event: Extract<RunEvent, { type: 'observing' }>): void => {
    const title = event.purpose === 'plan' ? 'Reading live state' : 'Reading again as proof';
    const [line] = openPhase([title]);
    if (line !== undefined) reading = { line, title, counts: new Map() };
  };
  const onListed = (event: Extract<RunEvent, { type: 'listed' }>): void => {
    if (reading === null) return;
    const { counts, line, title } = reading;
    counts.set(event.kind, (counts.get(event.kind) ?? 0) + event.members);
    line.retitle(`${title}: ${[...counts].map(([kind, members]) => `${members} ${kind}`).join(', ')}`);
  };
  const onChangeStarted = (): void => {
    if (applying !== null || plan === null) return;
    const groups = groupChanges(plan.changes, Math.max(4, (stream.rows ?? 24) - 6));
    const lines = openPhase(groups.map((group) => titleOf(group, 0)));
    const byAddress = new Map<Address, { group: ChangeGroup; line: Line; done: number; failed: Outcome[] }>();
    for (const [index, group] of groups.entries()) {
      const line = lines[index];
      if (line === undefined) continue;
      const entry = { group, line, done: 0, failed: [] };
      for (const address of group.addresses) byAddress.set(address, entry);
    }
    applying = byAddress;
  };
  const onChangeFinished = (outcome: Outcome): void => {
    const entry = applying?.get(outcome.address);
    if (entry === undefined) return;
    entry.done += 1;
    if (outcome.status !== 'succeeded' && outcome.status !== 'pending') entry.failed.push(outcome);
    entry.line.retitle(titleOf(entry.group, entry.done));
    if (entry.done === entry.group.addresses.length) entry.line.finish(failureOf(entry.group, entry.failed));
  };

  return {
    onEvent(event) {
      switch (event.type) {
        case 'observing':
          return onReading(event);
        case 'listed':
          return onListed(event);
        case 'planned':
          plan = event.plan;
          return closePhase();
        case 'change-started':
          return onChangeStarted();
        case 'change-waiting':
          return applying?.get(event.address)?.line.retitle(`waiting: ${event.because}`);
        case 'change-finished':
          return onChangeFinished(event.outcome);
        case 'draining':
          return open[0]?.note(`${event.signal}: finishing what is in flight; a second signal gives up`);
        case 'request':
          return undefined;
        default:
          return event satisfies never;
      }
    },
    async settle() {
      closePhase();
      await drawn;
    },
  };
}

function titleOf(group: ChangeGroup, done: number): string {
  const all = group.addresses.length;
  return all === 1 ? group.title : `${group.title} ${done}/${all}`;
}

function failureOf(group: ChangeGroup, failed: readonly Outcome[]): string | undefined {
  const [first] = failed;
  if (first === undefined) return undefined;
  const why = first.error?.message ?? first.because ?? first.status;
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
  return `${group.title}: ${first.status}: ${why}${more}`;
}
