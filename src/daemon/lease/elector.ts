import type { Chance, Clock, MayWrite } from '../../model/ports.ts';
import type { Absent, CallOptions, Conflict, Found, LeaseApi, Unanswered } from './lease-api.ts';
import {
  annotated,
  newLease,
  released,
  renewed,
  taken,
  type Hold,
  type LeaseName,
  type LeaseRecord,
} from './lease-record.ts';
import type { LeaseTimes } from './lease-times.ts';
import { isAnother, UNSEEN, type Standing } from './standing.ts';
import { openTenure } from './tenure.ts';
import { sighted, waitFor, type Sighting } from './sighting.ts';

/**
 * One replica of several, of which at most one leads:
 *
 *     ┌───────────┐  free, given back, not changed for its term: written first  ┌──────────┐ ◄─┐
 *     │ following │ ─────────────────────────────────────────────────────────►  │ leading  │   │ renewed
 *     └───────────┘                                                             └──────────┘ ──┘
 *        ▲  ▲  │ stop                    writes may not begin any more │           │  │ stop
 *        │  │  ▼                         (not renewed in time): drain  ▼           │  ▼
 *        │  │ ended    the term ended, or ┌───────────────┐      somebody else     │ ┌────────────┐
 *        │  └───────── was aborted at its │ stepping down │      has it: abort ◄───┘ │ giving back│ ──► ended
 *        │             end less a margin  └───────────────┘                          └────────────┘
 *        └── what it led has ended ────────────┘                                      after the drain
 *
 * A renewal counts from before it was sent; a sighting from after its reply. So a leader always thinks its term over
 * before anybody else does, as long as clocks run alike to within the margin.
 */
export interface Elector {
  /** Of a leader whose term still covers a whole write. */
  readonly mayWrite: MayWrite;
  readonly standing: () => Standing;
  /** Reads the note that goes with the Lease from leader to leader; null: there is none, or it has not been read. */
  readonly note: () => string | null;
  /** Writes it; only a leader can. What did not happen is said. */
  readonly annotate: (text: string | null) => Promise<string | null>;
  /** Drains what it leads, gives the Lease back, and ends. */
  readonly stop: () => void;
  /** Rejects where a term does. */
  readonly ended: Promise<void>;
}

export interface ElectorOptions {
  readonly api: LeaseApi;
  readonly lease: LeaseName;
  /** Of this process and no other, also not of the one before it in the same pod. */
  readonly identity: string;
  readonly times: LeaseTimes;
  readonly clock: Clock;
  readonly chance: Chance;
  /** The annotation that holds the note. */
  readonly noteName: string;
  /**
   * What a leader does. Ends soon after `drain`, at once after `abort`; never before one of them. `aborted`: something was
   * given up that may still happen, so the Lease is not given back before its term ends.
   */
  readonly term: (signals: {
    readonly drain: AbortSignal;
    readonly abort: AbortSignal;
  }) => Promise<'drained' | 'aborted'>;
  /** The standing has changed. */
  readonly onChange: () => void;
}

/** Looks and renewals of many replicas do not come together: each is up to this share early. */
const JITTER = 0.2;

/** Of a note that others write over. */
const MOST_TRIES = 3;

type Answer = Found | Absent | Conflict | Unanswered;

export function openElector(options: ElectorOptions): Elector {
  const { api, identity, times, clock } = options;
  const tenure = openTenure(clock, times);
  const stopping = new AbortController();
  let sighting: Sighting | null = null;
  let standing = UNSEEN;
  let writing: Promise<unknown> = Promise.resolve();

  function tell(part: Partial<Standing>): void {
    const before = standing;
    standing = { ...standing, ...part };
    if (isAnother(before, standing)) options.onChange();
  }

  const hold = (): Hold => ({ identity, termMs: times.termMs, now: clock.now() });

  function see(record: LeaseRecord): Sighting {
    sighting = sighted(sighting, record, clock.monotonic());
    return sighting;
  }

  /** Notes what a call came to. */
  function noted<Reply extends Answer>(reply: Reply): Reply {
    if (stopping.signal.aborted) return reply;
    if (reply.type === 'unanswered') tell({ problem: reply.why, unanswered: standing.unanswered + 1 });
    else tell({ problem: null, isSeen: true });
    return reply;
  }

  /** One write at a time, each on what the one before it left. */
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = writing.then(write, write);
    writing = turn;
    return turn;
  }

  /** Writes as the holder. The tenure moves only by what was answered. */
  async function keep(make: (record: LeaseRecord) => LeaseRecord['whole'], call: CallOptions) {
    if (sighting === null) throw new Error('a Lease is kept before it was seen');
    const from = tenure.moment();
    const reply = noted(await api.update(make(sighting.record), call));
    if (reply.type !== 'found') return reply;
    see(reply.record);
    tenure.begin(from);
    tell({ isLeader: true, holder: identity });
    return reply;
  }

  /** Takes it where it may be taken. Milliseconds to wait before the next try; null: it is ours. */
  async function take(): Promise<number | null> {
    // A write is waited for also after a stop: given up, it could leave us a Lease that nobody knows of.
    const call = { timeoutMs: times.requestMs };
    const retry = times.retryMs * (1 - JITTER * options.chance());
    const read = noted(await api.read({ ...call, signal: stopping.signal }));
    if (read.type === 'unanswered' || stopping.signal.aborted) return retry;
    const before = sighting;
    const now = read.type === 'found' ? see(read.record) : null;
    tell({ holder: now?.record.holder ?? null });
    // One that was deleted frees nobody who still believes in it.
    const known = now ?? before;
    const wait = known === null ? 0 : waitFor(known, identity, clock.monotonic());
    if (wait > 0) return Math.min(wait, retry);
    if (now !== null)
      return (await inTurn(() => keep((record) => taken(record, hold()), call))).type === 'found' ? null : retry;
    const from = tenure.moment();
    const made = noted(await api.create(newLease(options.lease, hold()), call));
    if (made.type !== 'found') return retry;
    see(made.record);
    tenure.begin(from);
    tell({ isLeader: true, holder: identity });
    return null;
  }

  /** Renews until what is led has ended (`over`), until writes may not begin any more (`late`), or it is somebody's (`lost`). */
  async function renew(over: AbortSignal): Promise<'over' | 'late' | 'lost'> {
    for (let pause = times.renewMs * (1 - JITTER * options.chance()); ;) {
      await sleep(Math.min(pause, tenure.writableMs()), over);
      if (over.aborted) return 'over';
      if (tenure.writableMs() <= 0) return 'late';
      const call = { timeoutMs: Math.min(times.requestMs, tenure.writableMs()), signal: over };
      const reply = await inTurn(() => keep((record) => renewed(record, hold()), call));
      if (over.aborted) return 'over';
      pause = reply.type === 'found' ? times.renewMs * (1 - JITTER * options.chance()) : times.retryMs;
      if (reply.type !== 'conflict') continue;
      const whose = await whoseAfterConflict(call);
      if (whose === 'lost') return 'lost';
      if (whose === 'ours') pause = 0;
    }
  }

  /** Ours, and changed: by a renewal that nobody answered, or by somebody who annotated it. Else it is lost, or not known. */
  async function whoseAfterConflict(call: CallOptions): Promise<'ours' | 'lost' | null> {
    const read = noted(await api.read(call));
    if (read.type === 'unanswered') return null;
    return read.type === 'found' && see(read.record).record.holder === identity ? 'ours' : 'lost';
  }

  async function lead(): Promise<void> {
    const drain = new AbortController();
    const abort = new AbortController();
    const over = new AbortController();
    const onStop = (): void => drain.abort('stop');
    stopping.signal.addEventListener('abort', onStop, { once: true });
    if (stopping.signal.aborted) onStop();
    const term = options.term({ drain: drain.signal, abort: abort.signal }).finally(() => over.abort('over'));
    term.catch(() => undefined);
    try {
      const why = await renew(over.signal);
      if (why === 'lost') tenure.end();
      if (why !== 'over') {
        tell({ isLeader: false, ...(why === 'lost' ? { holder: sighting?.record.holder ?? null } : {}) });
        drain.abort(why);
        await sleep(tenure.remainingMs() - times.marginMs, over.signal);
        abort.abort(why);
      }
      if ((await term) === 'drained' && why === 'over') await giveBack();
    } finally {
      stopping.signal.removeEventListener('abort', onStop);
      tenure.end();
      tell({ isLeader: false });
    }
  }

  /** Nothing of ours is in flight any more. Not answered: the others wait until the term ends. */
  async function giveBack(): Promise<void> {
    const call = { timeoutMs: times.requestMs };
    tenure.end();
    const give = async (): Promise<Answer['type'] | null> =>
      sighting === null ? null : noted(await api.update(released(sighting.record, clock.now()), call)).type;
    await inTurn(async () => {
      if ((await give()) !== 'conflict') return;
      // A renewal was on its way when the end came.
      if ((await whoseAfterConflict(call)) === 'ours') await give();
    });
    tell({ holder: null });
  }

  /** Returns early where `signal` is aborted. */
  async function sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await clock.sleep(Math.max(0, ms), signal).catch((reason: unknown) => {
      if (!signal.aborted) throw reason;
    });
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      const wait = await take();
      if (wait === null) await lead();
      else await sleep(wait, stopping.signal);
    }
  }

  return {
    mayWrite: () => (tenure.writableMs() > 0 ? null : 'the lease ended'),
    standing: () => standing,
    note: () => sighting?.record.annotations[options.noteName] ?? null,
    annotate: (text) =>
      inTurn(async () => {
        for (let tries = 1; ; tries += 1) {
          if (tenure.writableMs() <= 0) return 'this replica does not lead';
          const call = { timeoutMs: Math.min(times.requestMs, tenure.writableMs()) };
          const reply = await keep((record) => renewed(annotated(record, options.noteName, text), hold()), call);
          if (reply.type === 'found') return null;
          if (reply.type === 'unanswered') return reply.why;
          if (tries === MOST_TRIES) return 'the Lease was changed at the same time';
          await whoseAfterConflict(call);
        }
      }),
    stop: () => stopping.abort('stop'),
    ended: follow(),
  };
}
