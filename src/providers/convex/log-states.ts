import type { LogEvent } from '../../model/trail.ts';

type State = Readonly<Record<string, unknown>>;

/**
 * `metadata` of the team's log is an open value; what we have seen of it is `{ noun, previous, current }`, the state of
 * what changed before and after, one of them null where there was none (dashboard, `AuditLogItem.tsx`).
 */
function statesOf({ about }: LogEvent): { readonly previous: State | null; readonly current: State | null } {
  return { previous: stateIn(about['previous']), current: stateIn(about['current']) };
}

function stateIn(value: unknown): State | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as State) : null;
}

/** Whether one of the states is of the thing that `is` knows. */
export function isOne(event: LogEvent, is: (state: State) => boolean): boolean {
  const { previous, current } = statesOf(event);
  return (previous !== null && is(previous)) || (current !== null && is(current));
}

/** Whether the event took the key away from what had it. */
export function renamesAway(event: LogEvent, field: string, key: string): boolean {
  const { previous, current } = statesOf(event);
  return previous?.[field] === key && typeof current?.[field] === 'string' && current[field] !== key;
}

/**
 * Whether the event may have changed one of the fields, or any where there are none. Only what it says that it changed, and
 * only other fields, rules that out. `logged`: how the log spells a field that it spells otherwise.
 */
export function touches(
  event: LogEvent,
  fields: readonly string[],
  logged: Readonly<Record<string, string>> = {},
): boolean {
  const { previous, current } = statesOf(event);
  if (fields.length === 0 || previous === null || current === null) return true;
  const changed = Object.keys({ ...previous, ...current }).filter(
    (name) => JSON.stringify(previous[name]) !== JSON.stringify(current[name]),
  );
  return (
    changed.length === 0 || fields.some((field) => changed.includes(field) || changed.includes(logged[field] ?? field))
  );
}

/** What an action leaves; null: it is no action of the kind. */
export function effectIn(action: string, there: RegExp, gone: RegExp): 'there' | 'gone' | null {
  return there.test(action) ? 'there' : gone.test(action) ? 'gone' : null;
}
