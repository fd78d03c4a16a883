import type { Elector } from './elector.ts';

/**
 * What leaders leave for one another in the Lease, as JSON: it survives a hand-over, because whoever takes the Lease keeps
 * its annotations, and is gone with the Lease.
 */
export interface LeaseNote {
  /** Undefined: there is none. As this replica saw it last: a leader's own, a follower's some seconds old. Throws where it is not JSON. */
  readonly read: () => unknown;
  /** Undefined: takes it away. Null: done; else why not, for people. Only a leader can. */
  readonly write: (value: unknown) => Promise<string | null>;
}

/** All annotations of an object together may have 256 KiB. */
export const MOST_NOTE_BYTES = 64 * 1024;

export function leaseNote(elector: () => Pick<Elector, 'note' | 'annotate'> | null): LeaseNote {
  return {
    read() {
      const text = elector()?.note() ?? null;
      return text === null ? undefined : (JSON.parse(text) as unknown);
    },
    async write(value) {
      const text = value === undefined ? null : JSON.stringify(value);
      if (text !== null && Buffer.byteLength(text) > MOST_NOTE_BYTES)
        return `it is longer than the ${MOST_NOTE_BYTES} bytes that a Lease keeps for it`;
      return (await elector()?.annotate(text)) ?? (elector() === null ? 'this replica does not lead' : null);
    },
  };
}
