import { createHash } from 'node:crypto';
import { PlatformError } from '../../model/error.ts';
import type { Hint, Hints, Moved } from '../../model/hints.ts';
import type { Clock } from '../../model/ports.ts';
import { shapeOf } from '../http/decode.ts';
import { pageOf, readPages } from '../http/pages.ts';
import type { ConvexApi } from './api.ts';

/**
 * How much of the log is read again by the next poll: events may become visible late, and our clock is not the
 * platform's. What comes later still is found by a full reading.
 */
const OVERLAP_MS = 300_000;
/** The end of the range lies ahead, for a platform whose clock does. */
const AHEAD_MS = 86_400_000;

/** One event of `list_audit_log_events`, as far as a hint needs it. */
interface LogEvent {
  /** The API gives events no id: their content is what tells them apart, and two may have the same. */
  readonly digest: string;
  readonly action: string;
  /** The one deployment that it is about, where it says so; its form is not specified. */
  readonly deployment: string | null;
}

/** The audit log of the token's team, as hints. Null: nothing was read of it yet. */
export function followTeamLog(api: ConvexApi, clock: Clock): Hints {
  let position: { readonly since: number; readonly seen: ReadonlyMap<string, number> } | null = null;
  return {
    async poll(signal): Promise<Hint> {
      const now = clock.now();
      const before = position;
      let events: readonly LogEvent[];
      try {
        events = await eventsFrom(api, { from: (before?.since ?? now) - OVERLAP_MS, to: now + AHEAD_MS, signal });
      } catch (error) {
        if (!(error instanceof PlatformError) || error.code === 'aborted') throw error;
        const isThere = error.code !== 'forbidden' && error.code !== 'not-found';
        if (!isThere) position = null;
        return { type: isThere ? 'unknown' : 'unavailable', why: error.message };
      }
      const seen = new Map<string, number>();
      const fresh: LogEvent[] = [];
      for (const event of events) {
        const count = (seen.get(event.digest) ?? 0) + 1;
        seen.set(event.digest, count);
        if (count > (before?.seen.get(event.digest) ?? 0)) fresh.push(event);
      }
      position = { since: now, seen };
      return before === null ? { type: 'moved', moved: 'everything' } : hintOf(fresh);
    },
  };
}

async function eventsFrom(
  api: ConvexApi,
  { from, to, signal }: { readonly from: number; readonly to: number; readonly signal: AbortSignal },
): Promise<readonly LogEvent[]> {
  const path = `/teams/${String(api.teamId())}/list_audit_log_events`;
  let place = 0;
  return readPages(
    'the audit log of the team',
    (query) =>
      api.management({
        method: 'GET',
        path,
        query: { ...query, from: String(Math.max(0, from)), to: String(to) },
        decode: (body) => pageOf(body, 'events', eventOf),
        signal,
      }),
    // Equal events are two.
    () => String(place++),
  );
}

function eventOf(item: unknown, at: string): LogEvent {
  const event = shapeOf(item, at);
  return {
    digest: createHash('sha256').update(JSON.stringify(item)).digest('base64'),
    action: event.text('action'),
    deployment: deploymentIn(item),
  };
}

/** `metadata` is an open value. What we have seen of it names the deployment in both states of what changed. */
function deploymentIn(item: unknown): string | null {
  try {
    const metadata = shapeOf(item, '').object('metadata');
    const names = (['previous', 'current'] as const)
      .filter((state) => metadata.entries().some(([key, value]) => key === state && value !== null))
      .map((state) => metadata.object(state).maybeText('deploymentName'));
    const [name] = names;
    return name !== undefined && names.every((one) => one === name) ? name : null;
  } catch {
    return null;
  }
}

function hintOf(events: readonly LogEvent[]): Hint {
  const moved: Moved[] = [];
  for (const event of events) {
    const effect = effectOf(event.action);
    if (effect === 'everything') return { type: 'moved', moved: 'everything' };
    for (const kind of effect) {
      const { deployment } = event;
      const isNamed = kind === 'domain' && deployment !== null;
      moved.push(isNamed ? { kind, of: (container) => container.facts['name'] === deployment } : { kind });
    }
  }
  return moved.length === 0 ? { type: 'nothing' } : { type: 'moved', moved };
}

/** Members, money, tokens, sign-on, backups and integrations: nothing that is listed. */
const ELSEWHERE =
  /^(?:member|billing|oauthApplication|integration|sso|customRole|defaultEnvironmentVariable):|^(?:team|project|deployment):token:|^deployment:backups:|^project:updateMemberRole$|^team:(?:join|applyReferralCode|disableExceedingSpendingLimits)$/;

/** The kinds whose listings an action of the specification changes; one that is not in it changes any. */
function effectOf(action: string): readonly string[] | 'everything' {
  if (/^project:(?:create|update|delete|transfer|receive)$/.test(action)) return ['project', 'deployment'];
  if (/^deployment:(?:create|update|delete|transfer|receive)$/.test(action)) return ['deployment'];
  if (/^deployment:customDomain:(?:create|delete)$/.test(action)) return ['domain'];
  return ELSEWHERE.test(action) ? [] : 'everything';
}
