import type { Address } from './address.ts';
import { nearestOf, type Within } from './nearest.ts';
import type { Place } from './place.ts';

/** What the daemon may do of what the document says. People are not bound by it. From the least to the most cautious. */
export const MODES = ['apply', 'observe', 'suspend'] as const;

export type Mode = (typeof MODES)[number];

/** A `mode` as written: of the document, of an entry, or of what a selector matches. */
export interface ModeScope extends Within {
  readonly mode: Mode;
  readonly where: Place;
}

/** The mode that holds at an address: the nearest one written, or that of the daemon itself where that is more cautious. */
export function modesOver(scopes: readonly ModeScope[], own: Mode): (address: Address) => Mode {
  const nearest = nearestOf(scopes);
  return (address) => moreCautious(nearest(address)?.mode ?? own, own);
}

function moreCautious(a: Mode, b: Mode): Mode {
  return MODES.indexOf(a) > MODES.indexOf(b) ? a : b;
}
