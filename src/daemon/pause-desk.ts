import { isActive, type Pause, type PauseStore } from '../model/pause.ts';
import { readLiftRequest, readPauseRequest, type Read } from './pause-request.ts';

/** Takes pauses that no document says, and keeps them in a store. */
export interface PauseDesk {
  /** Those in force. Rejects where the store cannot be read. */
  readonly active: () => Promise<readonly Pause[]>;
  /** From what somebody sent. A second one of the same address replaces the first. */
  add(body: unknown): Promise<Read<Pause>>;
  /** Null: there is none of that address here. */
  lift(body: unknown): Promise<Read<Pause> | null>;
}

/** They stand in every plan and in one annotation of a cluster; who needs more needs a document. */
const MOST = 50;

export interface DeskOptions {
  readonly now: () => number;
  /** Why an address can never match anything, or null. */
  readonly whyNot: (address: string) => string | null;
  /** After a pause is kept, or may have been, and before it is confirmed. */
  readonly onAdded: () => void;
  readonly onLifted: () => void;
}

export function openPauseDesk(store: PauseStore, options: DeskOptions): PauseDesk {
  /** What is read, changed and written back is not changed by another in between. */
  let last: Promise<unknown> = Promise.resolve();
  const serially = <T>(act: () => Promise<T>): Promise<T> => {
    const next = last.then(act, act);
    last = next;
    return next;
  };
  const active = async (): Promise<readonly Pause[]> =>
    (await store.read()).filter((pause) => isActive(pause, options.now()));
  return {
    active,
    add: (body) =>
      serially(async () => {
        const pause = readPauseRequest(body, options.now(), options.whyNot);
        if ('wrong' in pause) return pause;
        const others = (await active()).filter(({ address }) => address !== pause.address);
        if (others.length >= MOST) return { wrong: `there are ${MOST} pauses already; lift one, or use the document` };
        try {
          await store.write([...others, pause]);
        } finally {
          options.onAdded();
        }
        return pause;
      }),
    lift: (body) =>
      serially(async () => {
        const address = readLiftRequest(body);
        if (typeof address !== 'string') return address;
        const known = await active();
        const lifted = known.find((pause) => pause.address === address);
        if (lifted === undefined) return null;
        await store.write(known.filter((pause) => pause !== lifted));
        options.onLifted();
        return lifted;
      }),
  };
}

/** Pauses that are gone with the process. */
export function pausesInProcess(): PauseStore {
  let kept: readonly Pause[] = [];
  return {
    read: () => Promise.resolve(kept),
    write(pauses) {
      kept = pauses;
      return Promise.resolve();
    },
  };
}
