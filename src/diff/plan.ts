import { compareAddress, type Address } from '../model/address.ts';
import type { Action, Change, ContainerCost, Plan, PlanCost } from '../model/change.ts';
import { sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import type { DesiredResource } from '../model/resource.ts';
import { compareStates } from './changes.ts';
import { circleRefusals } from './circles.ts';
import { settleClaims } from './claims.ts';
import { coverageOf } from './coverage.ts';
import { removesLive, type Draft } from './draft.ts';
import { fieldChanges } from './field-changes.ts';
import { predictWrites, stepsOf } from './graph.ts';
import { budgetRefusals, consentRefusals, emptyDocumentRefusals, thresholdRefusals, totalOf } from './guards.ts';
import { comparedKinds, finalState } from './final-state.ts';
import { leaveIgnored } from './ignored.ts';
import type { PlanInput } from './input.ts';
import { invariantFindings } from './invariant-findings.ts';
import { leftBehind } from './left-behind.ts';
import { limitErrors } from './limits.ts';
import { freshCollections, predictLooks } from './looks.ts';
import { lookAlikes } from './look-alikes.ts';
import { didYouMean } from './near-addresses.ts';
import { orderOf } from './order.ts';
import { parityOf } from './parity.ts';
import { holdPaused } from './pauses.ts';
import { protectionRefusals } from './protection.ts';
import { applyScope, contentsOf, matchesScope } from './scope.ts';
import { outside, unsettledIn } from './unsettled.ts';
import { unsupportedRefusals } from './unsupported.ts';
import { windowRefusals } from './windows.ts';

/** A plan, and the desired resources as planned (a release adds fields that the entry does not mention). */
export interface Made {
  readonly plan: Plan;
  readonly desired: ReadonlyMap<Address, DesiredResource>;
  /** What was compared and needs no change, sorted. */
  readonly unchanged: readonly Address[];
  /** The changes that pauses hold, in the order of addresses. The plan lists them under `paused`. */
  readonly held: readonly Change[];
}

/**
 * The plan: a pure function of the document, the observation and what the user agrees to. Guards are judged on all of
 * it, so `apply` knows before the first write whether it will write at all (law B).
 */
export function makePlan(given: PlanInput): Made {
  const { input, ignored, diagnostics: ofRules } = leaveIgnored(given, matchesScope(given.scope));
  const compared = compareStates(input);
  const claims = settleClaims(input, compared.drafts);
  const order = orderOf(claims.drafts, claims.order);
  const universe = new Set<Address>([
    ...input.desired.resources.map(({ address }) => address),
    ...input.observation.live.keys(),
  ]);
  const scoped = applyScope(input.scope, universe, order);

  const asked = [...claims.drafts.values()]
    .filter(({ address }) => scoped.inScope(address))
    .sort((a, b) => compareAddress(a.address, b.address));
  const askedFor = new Set(asked.map(({ address }) => address));
  const firstOf = ({ address }: Draft): readonly Address[] => {
    const cautious = (claims.cautious.get(address) ?? []).filter((other) => askedFor.has(other));
    return [...new Set([...(order.get(address) ?? []), ...cautious])].sort(compareAddress);
  };
  const all = asked.map((draft) => ({
    ...changeOf(draft, firstOf(draft), universe),
    ...outside(input, draft, { drafts: claims.drafts, moved: claims.moved }),
  }));
  const { pauses } = input.desired;
  const { paused, held, diagnostics: ofPauses } = holdPaused(all, { pauses, now: input.now, universe });
  // What is paused is in no part of the plan but its own: no guard, count or prediction is about it.
  const heldBack = new Set(held.map(({ address }) => address));
  const changes = all.filter(({ address }) => !heldBack.has(address));
  const drafts = asked.filter(({ address }) => !heldBack.has(address));
  const inScope = new Set(drafts.map(({ address }) => address));
  const unsettled = unsettledIn(input, claims.drafts).filter(({ address }) => scoped.inScope(address));
  const released = new Set(drafts.filter(({ reason }) => reason === 'releases-claim').map(({ address }) => address));
  const unchanged = compared.unchanged
    .filter((address) => scoped.inScope(address) && !released.has(address))
    .sort(compareAddress);
  const { writes, invalidations, containers } = predictWrites(drafts, input.kinds);
  const looks = predictLooks(stepsOf(changes, input.kinds, input.desired.resources), changes, input.kinds);
  const proof = writes > 0 ? input.reads + freshCollections(input, changes) : 0;
  const unmanaged = compared.unmanaged.filter(scoped.inScope);
  const unreadable = [...input.observation.unreadable].sort((a, b) => (a.collection < b.collection ? -1 : 1));
  const { invariants = [] } = input.desired;
  const { parityKey: key } = input;
  const after =
    invariants.length === 0 && key === undefined
      ? []
      : comparedKinds(input.kinds).map((kind) => finalState(kind, input, drafts));
  const isNamed = matchesScope(input.scope);
  // A missing thing has an address that nothing known has.
  const isAbout = (address: Address): boolean => scoped.inScope(address) || isNamed(address);
  const ofInvariants = invariantFindings(invariants, after, { changes, inScope: isAbout });
  const predicted = { reads: input.reads, looks, writes, proof };
  const diagnostics: Diagnostic[] = [
    ...compared.diagnostics.filter(({ address }) => address === undefined || scoped.inScope(address)),
    ...lookAlikes(input, new Map(drafts.map((draft) => [draft.address, draft]))),
    ...limitErrors(input, drafts),
    ...leftBehind(input, new Map(drafts.map((draft) => [draft.address, draft]))),
    ...scoped.diagnostics,
    ...ofPauses,
    ...ofRules,
    ...ofInvariants.diagnostics,
    ...confirmationsOfNothing(input, changes),
  ];
  return {
    held,
    unchanged,
    desired: new Map([
      ...input.desired.resources.map((resource) => [resource.address, resource] as const),
      ...asked.flatMap(({ address, desired }) => (desired === null ? [] : [[address, desired] as const])),
    ]),
    plan: {
      target: input.target,
      scope: input.scope,
      changes,
      summary: {
        ...countActions(changes),
        'no-op': unchanged.length,
      },
      refusals: [
        ...emptyDocumentRefusals(input, drafts),
        ...claims.refusals.filter(({ addresses }) => addresses.some((address) => inScope.has(address))),
        ...circleRefusals(changes),
        ...unsupportedRefusals(drafts),
        ...windowRefusals(input.windows ?? [], changes),
        ...protectionRefusals(input, drafts),
        ...ofInvariants.refusals,
        ...thresholdRefusals(input, drafts),
        ...consentRefusals(input, drafts),
        ...budgetRefusals(input, predicted),
      ],
      unmanaged,
      unreadable,
      ...(unsettled.length === 0 ? {} : { unsettled }),
      ...(paused.length === 0 ? {} : { paused }),
      ...(ignored.length === 0 ? {} : { ignored }),
      diagnostics: sortDiagnostics(diagnostics, 'content'),
      ...(input.rate === undefined ? {} : { cost: costOf(totalOf(predicted), input.rate, containers) }),
      coverage: coverageOf({ scope: input.scope, unmanaged, unreadable }, input),
      ...(key === undefined ? {} : { parity: after.flatMap((state) => parityOf(state, isAbout)) }),
      requests: { read: input.reads, predictedWrites: writes, invalidations },
    },
  };
}

/** Whole seconds: less is nobody's concern, and the platform's own time is not in it. */
function costOf(requests: number, rate: number, containers: readonly ContainerCost[]): PlanCost {
  return { requests, seconds: Math.ceil(requests / rate), rate, containers };
}

function changeOf(draft: Draft, dependsOn: readonly Address[], known: Iterable<Address>): Change {
  return {
    address: draft.address,
    kind: draft.kind.name,
    action: draft.action,
    reason: draft.reason,
    selector: draft.desired?.selector ?? draft.selector ?? null,
    takes: removesLive(draft) ? contentsOf(draft.address, known) : [],
    fields: fieldChanges(draft),
    comparable: draft.comparable,
    dependsOn,
    where: draft.desired?.where ?? null,
    ...(draft.kind.effect === undefined ? {} : { effect: draft.kind.effect }),
  };
}

function countActions(changes: readonly Change[]): Record<Action, number> {
  const count: Record<Action, number> = { create: 0, update: 0, replace: 0, delete: 0 };
  for (const { action } of changes) count[action]++;
  return count;
}

function confirmationsOfNothing(input: PlanInput, changes: readonly Change[]): readonly Diagnostic[] {
  const removed = new Set(
    changes
      .filter(({ action }) => action === 'delete' || action === 'replace')
      .flatMap(({ address, takes }) => [address, ...takes]),
  );
  return input.consent.confirm
    .filter((address) => !removed.has(address as Address))
    .map((address) => {
      const hint = didYouMean(address, [...removed].sort(compareAddress));
      return {
        severity: 'warning',
        code: 'CVG510',
        summary: `--confirm ${address} confirms nothing: no deletion or replacement of it is planned`,
        ...(hint === null ? {} : { hint }),
      };
    });
}
