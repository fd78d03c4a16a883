import { applyOnce } from './compose/apply.ts';
import type { Applied, ApplyRequest, Effects, Planned, Settings, Validated } from './compose/contract.ts';
import { loadDesired } from './compose/load.ts';
import { planOnce, type PlanRequest } from './compose/plan.ts';
import { kindsIn } from './compose/platform.ts';
import { hasErrors } from './model/diagnostic.ts';

/** Offline check: reads the files, resolves no source, sends nothing. */
export async function validate(settings: Settings, effects: Effects): Promise<Validated> {
  const loaded = await loadDesired(settings, effects, { kinds: kindsIn(settings), sources: 'offline' });
  const { desired, diagnostics, texts } = loaded;
  if (desired === null || hasErrors(diagnostics)) return { diagnostics, texts, declared: null };
  const declared: Record<string, number> = {};
  for (const { kind } of desired.resources) declared[kind] = (declared[kind] ?? 0) + 1;
  if (desired.selectors.length > 0) declared['selector'] = desired.selectors.length;
  return { diagnostics, texts, declared };
}

/** Reads live state and says what differs. Writes nothing. Throws only when aborted. */
export async function plan(settings: Settings, effects: Effects, options: PlanRequest): Promise<Planned> {
  return planOnce(settings, effects, options);
}

/** Plans, judges, asks, executes and proves. */
export async function apply(settings: Settings, effects: Effects, request: ApplyRequest): Promise<Applied> {
  return applyOnce(settings, effects, request);
}
