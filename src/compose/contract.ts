import type { Consent } from '../model/consent.ts';
import type { Address } from '../model/address.ts';
import type { Plan, Refusal, Scope } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EventSink } from '../model/event.ts';
import type { ApplyReport, Interruption } from '../model/outcome.ts';
import type { Chance, Clock, MayWrite } from '../model/ports.ts';
import type { SavedPlan } from '../model/saved-plan.ts';
import type { Secret } from '../model/secret.ts';
import type { Dialect, FurtherKind, ProviderOptions } from '../providers/registry.ts';
import type { Policy } from './ask-policies.ts';
import type { OwnPlatform } from './platform.ts';

/** What is read where no file is named. */
export const DEFAULT_FILE = 'convex.state.yaml';

/** What a command works on: argv and environment, resolved to values by the command line or by a library caller. */
export interface Settings {
  /** `-f` arguments as written: files, directories, globs. */
  readonly files: readonly string[];
  /** With its `/v1`. */
  readonly apiUrl: string;
  readonly dialect: Dialect;
  /** Kinds beside those of the dialect, checked to fit; see {@link kindProblems}. Absent: none. */
  readonly kinds?: readonly FurtherKind[] | undefined;
  /** Instead of the platform that the dialect speaks to. Absent: that one. */
  readonly platform?: OwnPlatform | undefined;
  /** Asked of every plan, before anything is written. Absent: none. */
  readonly policies?: readonly Policy[] | undefined;
  /** The token itself, before any file or variable. */
  readonly token?: Secret | undefined;
  /** Null: `CONVEX_TEAM_ACCESS_TOKEN` of the environment. */
  readonly tokenFile: string | null;
  readonly allowHosts: readonly string[];
  readonly caFile: string | null;
  readonly allowPaths: readonly string[];
  /** Null: the built-in deny list of rule 16. */
  readonly allowEnv: readonly string[] | null;
  /** `fromCommand` may run programs. */
  readonly allowExec: boolean;
  /** Requests per second over all hosts, retries included. */
  readonly rate: number;
  readonly concurrency: number;
  readonly maxRequests: number | null;
  /** Per request, milliseconds. */
  readonly timeoutMs: number;
  readonly scope: Scope;
  /** True: every warning. */
  readonly warningsAsErrors: boolean | readonly string[];
  readonly suppress: readonly string[];
  /** `plan --allow-unresolved`. */
  readonly allowUnresolved: boolean;
}

/** The machine, injected. */
export interface Effects {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly onEvent: EventSink;
  /** Asked immediately before each write of a run. Absent: always. */
  readonly mayWrite?: MayWrite | undefined;
  /** This tool's version. */
  readonly version: string;
  /** What carries the requests. Absent: HTTP. */
  readonly openClient?: ProviderOptions['openClient'];
}

/** The texts of the files that were read, by path, for code frames. */
export type FileTexts = ReadonlyMap<string, string>;

export type Validated = {
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: FileTexts;
  /** How much was declared, by kind, `selector` for the selectors; null when there are errors. */
  readonly declared: Readonly<Record<string, number>> | null;
};

export type Planned =
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[]; readonly texts: FileTexts }
  | {
      readonly type: 'planned';
      readonly plan: Plan;
      readonly texts: FileTexts;
      /** What was compared and needs no change, sorted. */
      readonly unchanged: readonly Address[];
      /** The plan as `--out` saves it, with digests. */
      readonly saved: SavedPlan;
    };

export interface ApplyRequest {
  readonly consent: Consent;
  /** A plan file's content: consent to its changes. */
  readonly saved: SavedPlan | null;
  /** How long to wait for what settles later, milliseconds (`--wait`). */
  readonly waitMs: number;
  /**
   * Asked once, after the guards hold and before the first write. `unconfirmed` are the addresses that only a typed
   * name may consent to; the answer names the ones that were confirmed.
   */
  readonly approve: (plan: Plan, unconfirmed: readonly Address[]) => Promise<Approval>;
  /** Aborted with 'drain': start nothing more. */
  readonly drain: AbortSignal;
  /** Aborted: give up what is in flight. */
  readonly abort: AbortSignal;
  /** Why `drain` was aborted, for the report. */
  readonly interruptedBy: () => Interruption | null;
}

export interface Approval {
  readonly approved: boolean;
  readonly confirmed: readonly Address[];
  /** Why not, for the message (`--auto-approve` is missing and there is no terminal). */
  readonly because?: string;
  /** The flags that would have answered. */
  readonly override?: string;
}

export type Applied =
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[]; readonly texts: FileTexts }
  /** Nothing was written: exit 3. */
  | { readonly type: 'refused'; readonly plan: Plan; readonly refusals: readonly Refusal[]; readonly texts: FileTexts }
  /** The saved plan no longer holds, nothing was written: exit 4. `moved` says what, one line each. */
  | { readonly type: 'stale'; readonly plan: Plan | null; readonly moved: readonly string[]; readonly texts: FileTexts }
  /** Told to stop before anything was written. */
  | { readonly type: 'interrupted'; readonly plan: Plan | null; readonly texts: FileTexts }
  | { readonly type: 'applied'; readonly report: ApplyReport; readonly texts: FileTexts };
