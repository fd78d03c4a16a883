import { timingSafeEqual } from 'node:crypto';
import type { Delivery, Moved, Push, PushSecret, Received } from '../../model/hints.ts';

/** A delivery whose newest event is older, or so far ahead, is not taken: somebody may have kept it. */
const WINDOW_MS = 300_000;

const SIGNATURE = 'x-webhook-signature';

/**
 * What a webhook log stream of a deployment sends: a JSON array of events, or one per line, each with `topic`,
 * `timestamp` and `convex.deployment_name`, signed with `sha256=` and the HMAC of the body in hex. Topic `audit_log` has
 * `audit_log_action`, an action of the deployment's audit log. (Convex docs, log streams; convex-backend
 * `crates/log_streaming`.) Delivery is best effort, and events may come twice.
 */
export const logStream: Push = {
  receive(delivery, secrets, now): Received {
    // Before anything of the body is understood.
    if (!isSigned(delivery, secrets)) return { type: 'refused' };
    const events = eventsIn(delivery.body);
    const times = events.map(({ timestamp }) => timestamp).filter((time) => typeof time === 'number');
    if (times.length === 0 || Math.abs(now - Math.max(...times)) > WINDOW_MS) return { type: 'refused' };
    return { type: 'told', moved: events.flatMap((event) => movedBy(event, delivery.of)) };
  },
  nameOf({ facts }) {
    const name = facts['name'];
    return typeof name === 'string' ? name : null;
  },
};

/** Every secret that may have signed it is tried, and each try takes the same time. */
function isSigned({ body, headers, of }: Delivery, secrets: readonly PushSecret[]): boolean {
  const header = headers[SIGNATURE];
  const given = Buffer.from(
    typeof header === 'string' ? (/^sha256=([0-9a-f]{64})$/i.exec(header)?.[1] ?? '') : '',
    'hex',
  );
  let isKnown = false;
  for (const { of: owner, secret } of secrets) {
    if (owner !== of) continue;
    const expected = secret.sign(body);
    if (given.length === expected.length && timingSafeEqual(given, expected)) isKnown = true;
  }
  return isKnown;
}

type Event = Readonly<Record<string, unknown>>;

/** What is no event is passed over. */
function eventsIn(body: Uint8Array): readonly Event[] {
  const text = Buffer.from(body).toString('utf8');
  const whole = parsed(text);
  const items = whole === undefined ? text.split('\n').map(parsed) : Array.isArray(whole) ? whole : [whole];
  return items.filter((item): item is Event => typeof item === 'object' && item !== null && !Array.isArray(item));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What others say of a deployment than its own stream, and what names none, counts for nothing. */
function movedBy(event: Event, owner: string | null): readonly Moved[] {
  const about = event['convex'];
  const name = typeof about === 'object' && about !== null ? (about as Event)['deployment_name'] : undefined;
  if (event['topic'] !== 'audit_log' || typeof name !== 'string' || (owner !== null && owner !== name)) return [];
  const of: Moved['of'] = (container) => container.facts['name'] === name;
  return kindsOf(event['audit_log_action']).map((kind) => ({ kind, of }));
}

/** Actions of the specification that change neither variables nor canonical URLs. Pushes of code are the frequent ones. */
const ELSEWHERE =
  /^(?:push_config|push_config_with_components|build_indexes|(?:create|update|delete)_usage_limit|usage_limit_exceeded|change_usage_limit_stop_state|change_deployment_state|pause_deployment|unpause_deployment|change_system_stop_state|clear_tables|snapshot_import|delete_scheduled_jobs_table|delete_tables|delete_component|cancel_all_scheduled_functions|cancel_scheduled_function|request_export|cancel_export|set_export_expiration|(?:create|update|delete)_integration|(?:add|delete|update)_documents|create_table|delete_files|generate_upload_url|create_data_sync)$/;

function kindsOf(action: unknown): readonly string[] {
  if (typeof action !== 'string') return ['env-var', 'canonical-url'];
  if (/^(?:create|update|delete|replace)_environment_variable$/.test(action)) return ['env-var'];
  if (/^(?:update|delete)_canonical_url$/.test(action)) return ['canonical-url'];
  return ELSEWHERE.test(action) ? [] : ['env-var', 'canonical-url'];
}
