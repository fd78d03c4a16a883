/** What the daemon answers, as far as the page reads it. Unknown words are shown as they come. */

export type Status = 'in-sync' | 'differs' | 'suspended' | 'unknown' | 'unmanaged';

export interface TreeNode {
  readonly address: string;
  readonly parent: string | null;
  readonly kind: string;
  readonly label: string;
  readonly status: Status | null;
  readonly counts: Readonly<Partial<Record<Status, number>>>;
  /** When the oldest of it was read. */
  readonly readAt: string | null;
}

export interface TreeDocument {
  readonly observedAt: string | null;
  readonly nodes: readonly TreeNode[];
}

export interface Held {
  readonly because: string;
  readonly why: string;
}

export interface Change {
  readonly address: string;
  readonly kind: string;
  readonly action: string;
  readonly reason: string;
  readonly fields: readonly string[];
  readonly held: Held | null;
}

export interface Diagnostic {
  readonly severity: string;
  readonly code: string;
  readonly summary: string;
  readonly where?: { readonly file: string; readonly line: number; readonly column: number };
}

export interface Pause {
  readonly address: string;
  readonly owner?: string;
  readonly reason?: string;
  readonly expires?: string;
}

/** What of a status changes while one looks. */
export interface Pulse {
  readonly phase: string;
  readonly sync: string;
  readonly ready: boolean;
  readonly reason: string | null;
  readonly observedAt: string | null;
  readonly current: boolean;
}

export interface StatusDocument extends Pulse {
  readonly tool: string;
  readonly at: string;
  readonly mode: string;
  readonly startedAt: string;
  readonly schedule: { readonly expression: string; readonly timeZone: string; readonly nextAt: string | null };
  readonly target: {
    readonly apiUrl?: string;
    readonly dialect?: string;
    readonly teamId?: number | null;
    readonly teamSlug?: string | null;
  } | null;
  readonly drift: readonly Change[];
  readonly unmanaged: readonly string[];
  readonly unreadable: readonly {
    readonly collection: string;
    readonly error: { readonly code: string; readonly message: string };
  }[];
  readonly unsettled: readonly { readonly address: string; readonly because: string }[];
  readonly warnings: readonly Diagnostic[];
  readonly pauses?: readonly Pause[];
  readonly suspended?: { readonly team: boolean; readonly addresses: readonly string[] };
  /** One of several, of which one acts. */
  readonly replica?: { readonly role: string; readonly leader: string | null };
  readonly lastRun: {
    readonly id: number;
    readonly cause: string;
    readonly startedAt: string;
    readonly seconds: number;
    readonly result: string;
    readonly problem: string | null;
    readonly diagnostics: readonly Diagnostic[];
    readonly outcomes: readonly {
      readonly address: string;
      readonly action: string;
      readonly status: string;
      readonly error?: { readonly code: string; readonly message: string };
      readonly because?: string;
    }[];
    readonly requests: { readonly reads: number; readonly writes: number };
  } | null;
}

export interface Run {
  readonly id: number;
  readonly session?: string | number | null;
  readonly cause: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly result: string;
  readonly problem: string | null;
  readonly differs: number | null;
  readonly changed: number;
  readonly held: number;
  readonly requests: { readonly reads: number; readonly writes: number };
}

export interface RunsDocument {
  readonly runs: readonly Run[];
  readonly next: string | number | null;
}

export interface Episode {
  readonly address: string;
  readonly kind: string;
  readonly action: string;
  readonly reason: string;
  readonly fields: readonly string[];
  readonly seenAt: string;
  readonly goneAt: string | null;
  readonly healedBy: string | null;
  readonly run: number | null;
}

export interface DriftDocument {
  readonly episodes: readonly Episode[];
}

/** How one thing stands, in the words of the page. */
export type Standing =
  | 'stalled'
  | 'held'
  | 'differs'
  | 'healing'
  | 'paused'
  | 'suspended'
  | 'unknown'
  | 'in-sync'
  | 'unmanaged';

export type Tally = Partial<Record<Standing, number>>;

/** One thing of the tree, with what is in it summed. */
export interface Item {
  readonly address: string;
  readonly label: string;
  readonly kind: string;
  readonly parent: Item | null;
  readonly children: Item[];
  /** Itself and what is in it directly. */
  readonly own: Tally;
  /** With everything that it contains. */
  readonly total: Tally;
  /** When the oldest of it and of everything that it contains was read, milliseconds since epoch. */
  readonly readAt: number | null;
}

export interface Model {
  readonly roots: readonly Item[];
  readonly byAddress: ReadonlyMap<string, Item>;
  readonly total: Tally;
}

export interface Row {
  readonly item: Item;
  /** From 1. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** Null: it contains nothing that is shown. */
  readonly expanded: boolean | null;
}
