import type { LeaseNote } from '../daemon/lease/lease-note.ts';
import { instantText } from '../model/instant.ts';
import type { Pause, PauseStore } from '../model/pause.ts';

/** Pauses that people have asked a leader for, in its Lease: the next leader finds them there. */
export function pausesInLease(note: LeaseNote): PauseStore {
  return {
    async read() {
      const value = note.read();
      if (value === undefined) return [];
      if (!Array.isArray(value)) throw new Error('the annotation of the Lease is no list of pauses');
      return value.map(pauseOf);
    },
    async write(pauses) {
      const value = pauses.map(({ where: _where, expires, ...pause }) => ({ ...pause, expires: instantText(expires) }));
      const why = await note.write(value.length === 0 ? undefined : value);
      if (why !== null) throw new Error(why);
    },
  };
}

/** Throws where it is none: nobody may take what cannot be read for nothing. */
function pauseOf(value: unknown): Pause {
  const { address, owner, reason, expires } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const at = typeof expires === 'string' ? Date.parse(expires) : Number.NaN;
  if (typeof address !== 'string' || typeof owner !== 'string' || typeof reason !== 'string' || Number.isNaN(at))
    throw new Error('the annotation of the Lease holds something that is no pause');
  return { address, owner, reason, expires: at, where: null };
}
