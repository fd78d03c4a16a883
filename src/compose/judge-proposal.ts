import { driftItems } from '../diff/drift.ts';
import { makePlan, type Made } from '../diff/plan.ts';
import { expand, sourcesOf } from '../document/expand.ts';
import { instantiate } from '../document/instantiate.ts';
import type { SourceFile, stateLoader } from '../document/load.ts';
import type { Proposed } from '../document/propose/propose.ts';
import { isWithin, type Address } from '../model/address.ts';
import { NO_CONSENT } from '../model/consent.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { DriftItem } from '../model/drift.ts';
import { kindsOf } from '../model/kinds.ts';
import type { DesiredState } from '../model/resource.ts';
import { sourceId } from '../model/source.ts';
import type { World } from './world.ts';

/** What is wrong with edited files, as the reason of a refusal; `of` null: nobody can say whose edit it is. */
export interface Fault {
  readonly of: ReadonlySet<Address> | null;
  readonly why: string;
}

export type LoadFiles = ReturnType<typeof stateLoader>;

/**
 * Reads edited files as a run would, with what is to be set as if it were set, and plans them against the observation that
 * the proposal was made of: what was accepted must not differ any more, and nothing else may differ that did not before.
 */
export function proposalJudge(
  world: World,
  load: LoadFiles,
): (files: readonly SourceFile[], proposed: Pick<Proposed, 'values' | 'accepted'>) => Fault | null {
  const { loaded, desired, observation, made, provider, windows } = world;
  const kinds = kindsOf(provider.kinds);
  const planned = (state: DesiredState): Made =>
    makePlan({
      desired: state,
      observation,
      kinds,
      target: made.plan.target,
      scope: { target: [], exclude: [] },
      consent: NO_CONSENT,
      now: observation.at,
      windows,
      reads: 0,
      maxRequests: null,
    });
  const baseline = planned(desired);
  const before = new Set(driftItems(baseline, { desired, observation, kinds }).map(said));
  const replaced = baseline.plan.changes.flatMap(({ action, address }) => (action === 'replace' ? [address] : []));
  return (files, { values, accepted }) => {
    const { state, diagnostics } = load(files);
    if (state === null) return unusable(diagnostics, accepted);
    const resolution = new Map(loaded.resolution);
    for (const ref of sourcesOf(state)) {
      const value = ref.from === 'env' ? values.get(ref.name) : undefined;
      if (value !== undefined) resolution.set(sourceId(ref), { type: 'value', value });
    }
    const expanded = expand(state, provider.kinds, resolution);
    if (expanded.desired === null) return unusable(expanded.diagnostics, accepted);
    const instantiated = instantiate(expanded.desired, observation.live, { kinds, whole: true });
    const after = planned(instantiated.desired);
    const errors = [...instantiated.diagnostics, ...after.plan.diagnostics].filter(isError);
    if (errors.length > baseline.plan.diagnostics.filter(isError).length) return unusable(errors, accepted);
    const left = driftItems(after, { desired: instantiated.desired, observation, kinds });
    const still = left.filter(({ address }) => accepted.has(address)).map(({ address }) => address);
    if (still.length > 0) return { of: new Set(still), why: 'internal error: with its edit it would still differ' };
    // What is in something that was to be replaced was not compared before.
    const isNew = (item: DriftItem): boolean =>
      !before.has(said(item)) && !replaced.some((container) => isWithin(item.address, container));
    const caused = left.find(isNew);
    return caused === undefined
      ? null
      : { of: null, why: `internal error: because of the edits ${caused.address} would differ` };
  };
}

function said({ address, moved, fields }: DriftItem): string {
  return [address, moved, ...fields].join(' ');
}

function unusable(diagnostics: readonly Diagnostic[], accepted: ReadonlySet<Address>): Fault {
  const errors = diagnostics.filter(isError);
  const named = errors.flatMap(({ address }) => (address !== undefined && accepted.has(address) ? [address] : []));
  return {
    of: named.length > 0 ? new Set(named) : null,
    why: `internal error: the edited files would not load: ${errors[0]?.summary ?? 'nobody says why'}`,
  };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}
