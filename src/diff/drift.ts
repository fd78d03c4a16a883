import type { Change } from '../model/change.ts';
import { compareAddress, lastSegment, parentAddress } from '../model/address.ts';
import type { DriftItem, Movement } from '../model/drift.ts';
import type { Kinds } from '../model/kinds.ts';
import type { Observation } from '../model/observation.ts';
import type { Place } from '../model/place.ts';
import type { DesiredState } from '../model/resource.ts';
import type { Made } from './plan.ts';
import { severityJudge } from './severity.ts';

/** Both sides, as the plan was made of them. */
export interface Sides {
  readonly desired: DesiredState;
  readonly observation: Observation;
  readonly kinds: Kinds;
}

/**
 * What a plan would change, seen from the live side; also what pauses hold. What is only a step of the plan (a name that
 * is given up for another entry, the contents of a replacement) has not moved.
 */
export function driftItems({ plan, held }: Pick<Made, 'plan' | 'held'>, sides: Sides): readonly DriftItem[] {
  const severityOf = severityJudge(sides);
  const placeOf = placesIn(sides.desired);
  return [...plan.changes, ...held]
    .sort((a, b) => compareAddress(a.address, b.address))
    .flatMap((change): readonly DriftItem[] => {
      const moved = movementOf(change);
      if (moved === null) return [];
      const { address, kind } = change;
      const fields = moved === 'changed' ? change.fields.map(({ field }) => field).sort() : [];
      const severity = severityOf({ address, kind, moved, fields });
      return [{ address, kind, moved, fields, severity, where: change.where ?? placeOf(change) }];
    });
}

/** Where the collection of an undeclared thing is declared. */
function placesIn({ collections }: DesiredState): (change: Change) => Place | null {
  const idOf = (kind: string, parent: string | null): string => `${parent ?? ''} ${kind}`;
  const places = new Map(collections.map(({ kind, parent, where }) => [idOf(kind, parent), where]));
  return ({ address }) => places.get(idOf(lastSegment(address).kind, parentAddress(address))) ?? null;
}

function movementOf({ reason }: Change): Movement | null {
  switch (reason) {
    case 'absent':
      return 'missing';
    case 'differs':
      return 'changed';
    case 'undeclared':
    case 'declared-absent':
      return 'unexpected';
    case 'releases-claim':
    case 'recreated':
      return null;
    default:
      return reason satisfies never;
  }
}
