import type { JsonObject, LeaseRecord } from './lease-record.ts';

/** What an elector asks of a cluster. Never rejects. */
export interface LeaseApi {
  read(options: CallOptions): Promise<Found | Absent | Unanswered>;
  /** Makes it where there is none. */
  create(lease: JsonObject, options: CallOptions): Promise<Found | Conflict | Unanswered>;
  /** Writes it where it is still what `lease` stands on. */
  update(lease: JsonObject, options: CallOptions): Promise<Found | Conflict | Unanswered>;
  close(): Promise<void>;
}

export interface CallOptions {
  /** For the whole call, milliseconds. */
  readonly timeoutMs: number;
  /** Given up; what was sent may still be done. */
  readonly signal?: AbortSignal | undefined;
}

export interface Found {
  readonly type: 'found';
  readonly record: LeaseRecord;
}

export interface Absent {
  readonly type: 'absent';
}

/** Somebody else wrote it first. */
export interface Conflict {
  readonly type: 'conflict';
}

/** No answer that says anything; a write may have been done. */
export interface Unanswered {
  readonly type: 'unanswered';
  /** For people, without a full stop. */
  readonly why: string;
}
