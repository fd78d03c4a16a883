import type { Address } from './address.ts';
import type { Action, PausedChanges, Plan } from './change.ts';
import type { WindowStanding } from './change-window.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Difference } from './history.ts';
import type { Outcome } from './outcome.ts';

/** What the daemon may do: say what differs, or also heal it. */
export type WatchMode = 'observe' | 'apply';

/** A change that the daemon does not make, although it is planned. */
export interface HeldChange {
  readonly address: Address;
  readonly action: Action;
  readonly because:
    | 'refused' // a guard refuses it
    | 'holds-data' // data would go
    | 'window' // outside of its change window
    | 'paused' // somebody paused it
    | 'observed' // `mode: observe`
    | 'suspended' // `mode: suspend`: neither healed nor counted
    | 'resting' // it failed, and is tried again later
    | 'stalled' // it failed too often: until document or live state changes
    | 'needs'; // what it depends on is held back
  /** For people, one sentence without its full stop. */
  readonly why: string;
}

/** How many resources of a kind are in a state. */
export interface ResourceCount {
  readonly kind: string;
  /** `unknown`: it could not be read, so nobody can say. */
  readonly status: 'in-sync' | 'differs' | 'suspended' | 'unknown' | 'unmanaged';
  readonly count: number;
}

/** What `mode: suspend` leaves out: it is read, and neither healed nor counted. */
export interface Suspended {
  /** All that says nothing else. */
  readonly team: boolean;
  /** The outermost ones, sorted. */
  readonly addresses: readonly Address[];
  /** What of it differs. */
  readonly differing: readonly Address[];
}

/** Something that contains other things, and how what is in it stands. */
export interface TreeNode {
  readonly address: Address;
  readonly kind: string;
  /** Its own; null: it only contains what the document asks for. */
  readonly status: ResourceCount['status'] | null;
  /** Of what is in it and contains nothing itself. What is not there counts none. */
  readonly counts: Readonly<Partial<Record<ResourceCount['status'], number>>>;
  /** When the oldest of it was read, of itself and of what is counted, milliseconds since epoch; null: nothing of it was. */
  readonly readAt: number | null;
}

/** What one reading of the platform showed. Never without its time (law J). */
export interface View {
  /** When the reading began, milliseconds since epoch. */
  readonly observedAt: number;
  /** With what is paused among its changes, without what is suspended. */
  readonly plan: Plan;
  /** Absent: nothing is. */
  readonly suspended?: Suspended;
  /** Absent: there are no change windows. */
  readonly windows?: readonly WindowStanding[];
  readonly resources: readonly ResourceCount[];
  /** Declared, read, and as declared. */
  readonly equal: ReadonlySet<Address>;
  /** Sorted by address; what contains another is in it too. */
  readonly tree: readonly TreeNode[];
}

/** One run of the reconcile step. */
export interface Round {
  readonly id: number;
  readonly cause: string;
  /** Milliseconds since epoch. */
  readonly startedAt: number;
  readonly ms: number;
  /** `done`: everything was read, whatever differs. `interrupted`: told to stop before it knew. */
  readonly result: 'done' | 'invalid' | 'failed' | 'interrupted';
  /** Why it is not `done`, one sentence. */
  readonly problem: string | null;
  /** Errors of the document, or of the platform. */
  readonly diagnostics: readonly Diagnostic[];
  /** The last reading of the round: after heals, the one that proves them. Null where nothing was read to its end. */
  readonly view: View | null;
  /** What differed before anything was done. */
  readonly found: readonly Difference[];
  readonly outcomes: readonly Outcome[];
  readonly held: readonly HeldChange[];
  readonly requests: { readonly reads: number; readonly writes: number };
}

/** What the steady state costs: requests per hour while nothing changes. */
export interface Cost {
  readonly perHour: {
    /** Asking what has moved. */
    readonly poll: number;
    /** Listings one by one, between runs. */
    readonly spread: number;
    /** Listings by each scheduled run. */
    readonly run: number;
    /** Everything, on the slower schedule. */
    readonly full: number;
  };
  /** Whether the platform's log is followed; `none`: it has none. */
  readonly log: { readonly is: 'followed' | 'none' } | { readonly is: 'unavailable'; readonly why: string };
  /** How many listings the log tells of, the platform sends news of, and nobody does. */
  readonly listings: { readonly log: number; readonly push: number; readonly nobody: number };
}

/** Where this replica stands among those that share a Lease. */
export interface LeaseStanding {
  /** `NAMESPACE/NAME`. */
  readonly lease: string;
  /** Of this replica. */
  readonly identity: string;
  readonly role: 'leader' | 'follower';
  /** The cluster has answered, since the start. */
  readonly isSeen: boolean;
  /** Who holds it, as last seen; null: nobody, or it has not been seen. */
  readonly holder: string | null;
  /** Why it could not be read or written the last time, one sentence; null: it could. */
  readonly problem: string | null;
  /** Calls to the cluster that were not answered, since the start. */
  readonly unanswered: number;
}

/** All that the daemon says of itself. Plain data without a value of a variable. */
export interface WatchStatus {
  /** This tool's version. */
  readonly tool: string;
  readonly mode: WatchMode;
  readonly startedAt: number;
  readonly phase: string;
  readonly schedule: { readonly expression: string; readonly timeZone: string; readonly nextAt: number | null };
  /** The last one that ended; null before the first. */
  readonly round: Round | null;
  /** The last reading that came to its end, also one with unreadable parts; {@link round} says whether it is the last. */
  readonly view: View | null;
  /** End of the last round that was done. */
  readonly succeededAt: number | null;
  /** After this an observation is old, whatever it showed: a scheduled run has not come, or has not ended. */
  readonly freshUntil: number;
  /** The last sign of life of the loop: a phase, a request, a change. */
  readonly movedAt: number;
  readonly running: boolean;
  /** Null before the first whole look. */
  readonly cost: Cost | null;
  /** Null: it is alone. */
  readonly lease: LeaseStanding | null;
}

/** What happens in the daemon beside the events of its runs. Carries no value of a variable. */
export type WatchNews =
  | { readonly type: 'listening'; readonly url: string }
  | { readonly type: 'round-started'; readonly run: number; readonly cause: string }
  | { readonly type: 'round-ended'; readonly round: Round }
  /** It differs, and did not in the round before. */
  | { readonly type: 'drift-found'; readonly address: Address; readonly action: Action; readonly reason: string }
  | { readonly type: 'drift-gone'; readonly address: Address }
  | { readonly type: 'change-held'; readonly held: HeldChange }
  | { readonly type: 'pause-began'; readonly pause: PausedChanges }
  /** It has expired, was lifted, or does not stand in the document any more. */
  | { readonly type: 'pause-ended'; readonly pause: PausedChanges }
  /** Null: the team. */
  | { readonly type: 'suspended'; readonly address: Address | null }
  | { readonly type: 'resumed'; readonly address: Address | null }
  /** What it costs from now on, told when it begins to be known and when its log is not followed as before. */
  | { readonly type: 'cost'; readonly cost: Cost }
  /** This replica has begun to lead, or does no more. */
  | { readonly type: 'role-changed'; readonly standing: LeaseStanding }
  /** The cluster does not answer, or (null) does again. */
  | { readonly type: 'lease-problem'; readonly lease: string; readonly why: string | null }
  | { readonly type: 'files-unwatched'; readonly why: string }
  /** Runs are remembered in memory alone: `why`, or null where the file can be used again. `aside`: where a broken one is now. */
  | { readonly type: 'history'; readonly why: string | null; readonly aside: string | null }
  | { readonly type: 'log-level'; readonly level: string; readonly by: string; readonly forMs: number | null }
  | { readonly type: 'notified'; readonly target: string; readonly rules: readonly string[] }
  | { readonly type: 'notification-failed'; readonly target: string; readonly why: string; readonly attempts: number }
  | { readonly type: 'crashed'; readonly stack: string }
  | { readonly type: 'stopped'; readonly clean: boolean };

export type WatchNewsSink = (news: WatchNews) => void;
