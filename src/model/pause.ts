import type { Address } from './address.ts';
import { parentAddress } from './address.ts';
import { globMatcher } from './glob.ts';
import type { Place } from './place.ts';

/** Break-glass: until it expires nobody changes what `address` matches, nor what that contains. */
export interface Pause {
  /** An address, or a glob over addresses. */
  readonly address: string;
  readonly owner: string;
  readonly reason: string;
  /** Milliseconds since epoch. */
  readonly expires: number;
  /** The line of the document; null where a running daemon was asked for it. */
  readonly where: Place | null;
}

/** Where pauses live that no document says: they are gone with it. Written whole; never by two at a time. */
export interface PauseStore {
  /** Also expired ones. */
  read(): Promise<readonly Pause[]>;
  write(pauses: readonly Pause[]): Promise<void>;
}

/** A pause that nobody has to renew is a change that nobody has to make. */
export const LONGEST_PAUSE_MS = 30 * 86_400_000;

export function isActive({ expires }: Pick<Pause, 'expires'>, now: number): boolean {
  return expires > now;
}

/** True for what the pause matches and everything inside it. */
export function pauseMatcher({ address: glob }: Pick<Pause, 'address'>): (address: Address) => boolean {
  const matches = globMatcher(glob);
  return (address) => {
    for (let at: Address | null = address; at !== null; at = parentAddress(at)) if (matches(at)) return true;
    return false;
  };
}
