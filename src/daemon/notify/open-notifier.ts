import { globMatcher } from '../../model/glob.ts';
import type { Recorded, Origin } from '../../model/history.ts';
import type { Chance, Clock } from '../../model/ports.ts';
import type { Secret } from '../../model/secret.ts';
import type { Target } from '../../model/target.ts';
import type { Round, WatchNewsSink } from '../../model/watch-status.ts';
import type { Metric } from '../metrics-text.ts';
import { NOTHING_EARLIER, webhookBody, type Message } from './message.ts';
import { NOTHING_TOLD, noticesOf, partFor, type Notice } from './notices.ts';
import { openOutbox, type Outbox, type Sent } from './outbox.ts';
import type { SecretPlace, TargetOptions } from './read-notify-file.ts';
import { ID_HEADER, SIGNATURE_HEADER, signatureOf, TIME_HEADER } from './signature.ts';
import { slackBody } from './slack-body.ts';

/** One POST. The URL is a secret, and no error of it may say any of it. */
export interface Post {
  readonly url: Secret;
  readonly plainHttp: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** Status and seconds of `Retry-After`, or a few words on why there is no reply. Never rejects. */
export type Posted =
  | { readonly status: number; readonly retryAfter: number | null }
  | { readonly why: string; readonly isPermanent: boolean };

export interface NotifierOptions {
  readonly targets: readonly TargetOptions[];
  readonly clock: Clock;
  readonly chance: Chance;
  readonly tool: string;
  readonly mode: string;
  /** Of this process: what makes ids different from those of another. */
  readonly session: string;
  readonly post: (post: Post) => Promise<Posted>;
  /** Read for every message, so that it may be rotated; a string says why there is none. */
  readonly secret: (place: SecretPlace) => Promise<Secret | string>;
  readonly onNews: WatchNewsSink;
}

/** How a target does, for the status. */
export interface TargetState {
  readonly target: string;
  readonly type: string;
  readonly waiting: number;
  readonly sentAt: number | null;
  /** The last failure since the last success. */
  readonly error: { readonly at: number; readonly why: string } | null;
}

/** Tells people and programs what runs show. Nothing here throws, and nothing waits for a receiver. */
export interface Notifier {
  onRound(round: Round, recorded: Recorded & { readonly origin: Origin }): void;
  state(): readonly TargetState[];
  metrics(): readonly Metric[];
  close(forMs: number): Promise<void>;
}

/** One try, its reply included. */
const TRY_MS = 10_000;
const RESULTS = ['sent', 'failed', 'summed-up'] as const;

interface Channel {
  readonly options: TargetOptions;
  readonly isFor: (address: string) => boolean;
  readonly outbox: Outbox;
  readonly counts: Record<(typeof RESULTS)[number], number>;
  sentAt: number | null;
  error: { readonly at: number; readonly why: string } | null;
}

export function openNotifier(options: NotifierOptions): Notifier {
  const { clock, session } = options;
  let told = NOTHING_TOLD;
  let count = 0;
  let target: Target | null = null;
  const channels = options.targets.map((one) => channelOf(one, options));
  return {
    onRound(round, recorded) {
      const after = noticesOf(told, round, recorded);
      told = after.told;
      target = round.view?.plan.target ?? target;
      for (const channel of channels) {
        const notices = after.notices
          .map((notice) => partFor(notice, { rules: channel.options.rules, isFor: channel.isFor }, after.notices))
          .filter((notice): notice is Notice => notice !== null);
        if (notices.length === 0) continue;
        const id = `${session}-${++count}`;
        const { tool, mode } = options;
        const base = { id, tool, mode, target, notices, earlier: NOTHING_EARLIER };
        channel.outbox.put({ ...base, at: clock.now(), run: round.id });
      }
    },
    state: () =>
      channels.map(({ options: { name, type }, outbox, sentAt, error }) => ({
        target: name,
        type,
        waiting: outbox.waiting(),
        sentAt,
        error,
      })),
    metrics: () =>
      channels.length === 0
        ? []
        : [
            {
              name: 'converge_notifications_total',
              help: 'Messages by target and what became of them.',
              type: 'counter',
              samples: channels.flatMap(({ options: { name }, counts }) =>
                RESULTS.map((result) => ({ labels: { target: name, result }, value: counts[result] })),
              ),
            },
          ],
    async close(forMs) {
      await Promise.all(channels.map(({ outbox }) => outbox.close(forMs)));
    },
  };
}

function channelOf(target: TargetOptions, options: NotifierOptions): Channel {
  const { clock, chance, onNews } = options;
  const { name } = target;
  const counts = { sent: 0, failed: 0, 'summed-up': 0 };
  const outbox = openOutbox({
    clock,
    chance,
    perMinute: target.perMinute,
    send: (message, signal) => trySending(message, target, options, signal),
    onSent({ notices }) {
      counts.sent += 1;
      channel.sentAt = clock.now();
      channel.error = null;
      onNews({ type: 'notified', target: name, rules: [...new Set(notices.map(({ rule }) => rule))] });
    },
    onFailed(_message, why, attempts) {
      counts.failed += 1;
      channel.error = { at: clock.now(), why };
      onNews({ type: 'notification-failed', target: name, why, attempts });
    },
    onSummedUp: () => void (counts['summed-up'] += 1),
  });
  const globs = target.addresses?.map(globMatcher) ?? null;
  const isFor = (address: string): boolean => globs === null || globs.some((matches) => matches(address));
  const channel: Channel = { options: target, isFor, outbox, counts, sentAt: null, error: null };
  return channel;
}

async function trySending(
  message: Message,
  target: TargetOptions,
  { clock, post, secret, tool }: NotifierOptions,
  signal: AbortSignal,
): Promise<Sent> {
  const url = await secret(target.urlFrom);
  if (typeof url === 'string') return { type: 'again', why: `urlFrom: ${url}`, afterMs: null };
  const key = target.secretFrom === null ? null : await secret(target.secretFrom);
  if (typeof key === 'string') return { type: 'again', why: `secretFrom: ${key}`, afterMs: null };
  const body = target.type === 'slack' ? slackBody(message) : webhookBody(message);
  const seconds = Math.floor(clock.now() / 1000);
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(TRY_MS, done.signal).then(
    () => late.abort('late'),
    () => undefined,
  );
  const posted = await post({
    url,
    plainHttp: target.plainHttp,
    headers: {
      'content-type': 'application/json',
      'user-agent': `converge/${tool}`,
      ...(target.type === 'slack' ? {} : { [ID_HEADER]: message.id, [TIME_HEADER]: String(seconds) }),
      ...(key === null ? {} : { [SIGNATURE_HEADER]: signatureOf(key, seconds, body) }),
    },
    body,
    signal: AbortSignal.any([signal, late.signal]),
  });
  done.abort('done');
  if ('why' in posted) {
    const why = late.signal.aborted ? `no reply within ${TRY_MS / 1000} s` : posted.why;
    return posted.isPermanent ? { type: 'refused', why } : { type: 'again', why, afterMs: null };
  }
  const { status, retryAfter } = posted;
  if (status >= 200 && status < 300) return { type: 'sent' };
  const why = `the receiver answered ${status}`;
  if (status !== 408 && status !== 429 && status < 500) return { type: 'refused', why };
  return { type: 'again', why, afterMs: retryAfter === null ? null : retryAfter * 1000 };
}
