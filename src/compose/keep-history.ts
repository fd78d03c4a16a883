import { createHash } from 'node:crypto';
import { lastSegment } from '../model/address.ts';
import type { History, Origin, Recorded } from '../model/history.ts';
import type { Round } from '../model/watch-status.ts';
import type { Loaded } from './load.ts';
import { differencesOf } from './view.ts';

/** Writes rounds into the history, and knows which side had moved. */
export interface KeptHistory {
  /** Learns what a load has read. */
  readonly learn: (loaded: Pick<Loaded, 'texts'>) => void;
  readonly onRound: (round: Round) => Recorded & { readonly origin: Origin };
}

/**
 * What differs anew is the document's doing when the documents' texts, or a file that a run began for, have changed since
 * the last reading; the live side's otherwise. `session`: of this process.
 */
export function keepHistory(history: Pick<History, 'record'>, session: string): KeptHistory {
  let texts: string | null = null;
  let textsRead: string | null = null;
  let isTouched = false;
  return {
    learn(loaded) {
      const hash = createHash('sha256');
      for (const [file, text] of [...loaded.texts].sort(([a], [b]) => (a < b ? -1 : 1)))
        hash.update(`${file}\n${text.length}\n`).update(text);
      texts = hash.digest('hex');
    },
    onRound(round) {
      isTouched ||= round.cause === 'files' || texts !== textsRead;
      const origin: Origin = textsRead === null ? 'unknown' : isTouched ? 'document' : 'live';
      if (round.view !== null) {
        textsRead = texts;
        isTouched = false;
      }
      const { view, outcomes, held, found } = round;
      const recorded = history.record({
        id: round.id,
        session,
        cause: round.cause,
        startedAt: round.startedAt,
        ms: round.ms,
        result: round.result,
        problem: round.problem,
        requests: round.requests,
        held: held.length,
        outcomes: outcomes.map(({ address, action, status, error }) => ({
          address,
          kind: lastSegment(address).kind,
          action,
          status,
          code: error?.code ?? null,
        })),
        origin,
        found,
        reading:
          view === null
            ? null
            : {
                at: view.observedAt,
                differing: differencesOf(view.plan),
                equal: view.equal,
                whole: view.plan.unreadable.length === 0,
              },
      });
      return { ...recorded, origin };
    },
  };
}
