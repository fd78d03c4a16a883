import type { Address } from '../model/address.ts';
import { anyGlob, type Matcher } from '../model/glob.ts';
import type { Invariant } from '../model/invariant.ts';
import type { Unseen } from '../model/parity.ts';
import type { FinalContainer } from './final-state.ts';

/** An invariant that does not hold. */
export interface Violation {
  readonly invariant: Invariant;
  /** The key, or the glob that nothing matches. */
  readonly key: string;
  readonly group: Address | null;
  /** What it is about, sorted: the members, and where one is missing the address that it would have. */
  readonly addresses: readonly Address[];
  /** The containers of these, sorted. */
  readonly containers: readonly Address[];
  /** Of the containers those where the key is missing. */
  readonly missing: readonly Address[];
  /** The document alone asks for it, whatever is live. */
  readonly isAsked: boolean;
}

/** Something of which nobody can say whether an invariant holds there. */
export interface Unjudged {
  readonly invariant: Invariant;
  /** Null: in the whole team. */
  readonly address: Address | null;
  readonly because: Unseen | 'withheld' | 'unlisted' | 'condition';
}

export interface Judged {
  readonly violations: readonly Violation[];
  readonly unjudged: readonly Unjudged[];
  /** Nothing is there that it is about. */
  readonly isIdle: boolean;
}

/** The containers that one side of an invariant means. */
export interface Side {
  readonly sure: readonly FinalContainer[];
  /** Whether they are meant depends on fields that nobody knows. */
  readonly unsure: readonly FinalContainer[];
}

/** Whether it is known of all that a glob can mean in a container if it is there. */
export function isSettled(glob: string, { unseen, members, gone }: FinalContainer): boolean {
  return unseen === null || (!glob.includes('*') && (members.has(glob) || gone.has(glob)));
}

/** Whether a key is one that an invariant is about. */
export function keyMatcher({ keys }: Invariant): Matcher {
  return anyGlob(keys);
}
