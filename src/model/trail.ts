import type { LiveResource } from './resource.ts';

/** Who did something, as a log of the platform says. */
export interface LogActor {
  readonly kind: 'member' | 'token' | 'integration' | 'system';
  /** The member's, token's or integration's own; null where the log gives none. */
  readonly id: number | string | null;
}

/** One event of a log of the platform. Such events have no id, and may be listed twice. */
export interface LogEvent {
  /** Milliseconds since epoch, by the platform's clock. */
  readonly at: number;
  readonly action: string;
  readonly actor: LogActor;
  /** What it is about: names, never a value of a variable. Its form is the platform's. */
  readonly about: Readonly<Record<string, unknown>>;
  /** By what it was done, for people: `dashboard`, `CLI`, `API`; null where the log does not tell. */
  readonly via: string | null;
  /** This tool did it, with whatever token. */
  readonly byUs: boolean;
  readonly ip: string | null;
}

/** What a log was asked for and gave. */
export type LogReading =
  | {
      readonly type: 'read';
      /** Oldest first where {@link ordered}; else in no order that can be relied on. */
      readonly events: readonly LogEvent[];
      /** Events with equal times stand in the order in which they happened. */
      readonly ordered: boolean;
      /** Why the newest events may be missing, for people; null: it was read to its end. */
      readonly cut: string | null;
    }
  /** No plan, no permission, no answer. */
  | { readonly type: 'unreadable'; readonly why: string };

export interface LogRequest {
  /** Milliseconds since epoch, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
  /** Asked before each page; why no further request may be sent, or null. */
  readonly mayAsk: () => string | null;
}

/** What the platform remembers of who did what. Nothing of it fails: a log that cannot be read is an answer. */
export interface Trail {
  /** The log of the whole team, of a few pages at most. */
  ofTeam(request: LogRequest): Promise<LogReading>;
  /** The log of one live container, of a few pages at most. */
  ofContainer(container: LiveResource, request: LogRequest): Promise<LogReading>;
  /** Names of the team's members by id; empty where the token may not list them. One request. */
  memberNames(signal: AbortSignal): Promise<ReadonlyMap<number | string, string>>;
  /** The token's own id among actors; null where it is not known. */
  ownToken(): number | string | null;
}

/** A drifted thing, as far as telling the events about it needs. */
export interface Sought {
  readonly key: string;
  /** Null: it is not there. */
  readonly live: LiveResource | null;
  readonly parent: LiveResource | null;
  /** The fields that differ; empty: all of it is there, or gone. */
  readonly fields: readonly string[];
}

/** Where changes of a kind's members are written down, and which events are about one. */
export interface Traces {
  readonly log: 'team' | 'parent';
  /** What the thing was after the event: `there` or `gone`; null: the event is about something else. Pure and total. */
  effect(event: LogEvent, sought: Sought): 'there' | 'gone' | null;
}
