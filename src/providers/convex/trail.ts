import { PlatformError } from '../../model/error.ts';
import type { LogActor, LogEvent, LogReading, LogRequest, Trail } from '../../model/trail.ts';
import { shapeOf } from '../http/decode.ts';
import { PAGE_SIZE, pageOf, type Page } from '../http/pages.ts';
import type { ApiRequest, ConvexApi } from './api.ts';

/** Of one log, so that a busy deployment does not cost more than a few requests. */
const MOST_PAGES = 5;

/** The team's log and the deployments' own, for who did what. */
export function openTrail(api: ConvexApi): Trail {
  return {
    ofTeam: async (request) =>
      // Its order is not specified: both are served by what asks for neither.
      readLog({ ordered: false, request }, (query) =>
        api.management({
          ...asked(query, request),
          path: `/teams/${String(api.teamId())}/list_audit_log_events`,
          query: { ...query, from: String(request.from), to: String(request.to) },
        }),
      ),
    ofContainer: async (container, request) =>
      readLog({ ordered: true, request }, (query) =>
        api.deployment(container, { ...asked(query, request), secretsOf: container.address }),
      ),
    async memberNames(signal) {
      try {
        return await api.management({
          method: 'GET',
          path: `/teams/${String(api.teamId())}/list_members`,
          decode: namesOf,
          signal,
        });
      } catch (error) {
        if (!(error instanceof PlatformError) || error.code === 'aborted') throw error;
        // Only personal tokens may list members; the ids are always told.
        return new Map();
      }
    },
    ownToken: () => api.tokenId(),
  };
}

function asked(query: Readonly<Record<string, string>>, { from, signal }: LogRequest): ApiRequest<Page<LogEvent>> {
  return {
    method: 'GET',
    path: '/list_audit_log_events',
    query: { ...query, from: String(from) },
    decode: (body) => pageOf(body, 'events', eventOf),
    signal,
  };
}

async function readLog(
  { ordered, request }: { readonly ordered: boolean; readonly request: LogRequest },
  readPage: (query: Readonly<Record<string, string>>) => Promise<Page<LogEvent>>,
): Promise<LogReading> {
  const events: LogEvent[] = [];
  const cursors = new Set<string>();
  let cursor: string | null = null;
  try {
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const spent = request.mayAsk();
      if (spent !== null) return pages === 0 ? { type: 'unreadable', why: spent } : cutOff(spent);
      const page: Page<LogEvent> = await readPage({
        limit: String(PAGE_SIZE),
        ...(cursor === null ? {} : { cursor }),
      });
      events.push(...page.items);
      if (!page.hasMore) return { type: 'read', events, ordered, cut: null };
      cursor = page.nextCursor;
      if (cursor === null || cursor === '' || cursors.has(cursor)) return cutOff('its pages do not go on');
      cursors.add(cursor);
    }
    return cutOff(`it has more than ${String(MOST_PAGES * PAGE_SIZE)} events in the time of --since`);
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code === 'aborted') throw error;
    return { type: 'unreadable', why: error.message };
  }

  function cutOff(why: string): LogReading {
    return { type: 'read', events, ordered, cut: why };
  }
}

function eventOf(item: unknown, at: string): LogEvent {
  const event = shapeOf(item, at);
  const agent = event.maybeText('clientUserAgent');
  const about = (item as Readonly<Record<string, unknown>>)['metadata'];
  return {
    at: event.integer('createTime'),
    action: event.text('action'),
    actor: actorIn(event.object('actor').entries()),
    about: typeof about === 'object' && about !== null ? (about as Readonly<Record<string, unknown>>) : {},
    via: agent === null ? null : viaOf(agent),
    byUs: agent !== null && agent.startsWith(OURS),
    ip: event.maybeText('clientIp'),
  };
}

/** Ids of actors are in snake case, unlike all else (`AuditLogActor` of the specification). */
function actorIn(entries: readonly (readonly [string, unknown])[]): LogActor {
  const actor = new Map(entries);
  const id = (field: string): number | string | null => {
    const value = actor.get(field);
    return typeof value === 'number' || typeof value === 'string' ? value : null;
  };
  const kind = actor.get('kind');
  if (kind === 'member') return { kind, id: id('member_id') };
  if (kind === 'token') return { kind, id: id('token_id') };
  if (kind === 'integration') return { kind, id: id('client_id') };
  return { kind: 'system', id: null };
}

/** See `User-Agent` of the connection. */
const OURS = 'converge/';

/** The dashboard is a browser; the CLI names itself, and older ones only their runtime, as scripts do. */
function viaOf(agent: string): string {
  if (agent.startsWith('Mozilla/')) return 'dashboard';
  return /npm-cli|convex-cli/i.test(agent) ? 'CLI' : 'API';
}

function namesOf(body: unknown): ReadonlyMap<number, string> {
  const items = shapeOf(body, 'the members').list('items');
  return new Map(
    items.flatMap((item, index) => {
      const member = shapeOf(item, `the members[${String(index)}]`);
      const name = member.maybeText('name') ?? member.maybeText('email');
      return name === null ? [] : [[member.integer('id'), name] as const];
    }),
  );
}
