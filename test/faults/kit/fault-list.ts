// What can go wrong with one request, and what must come of it.
import type { Effect, Sent } from './network.ts';

export interface OneFault {
  readonly name: string;
  readonly effect: Effect | ((sent: Sent) => Effect);
  /** Which requests it can meet at all, judged on the undisturbed one. Default: all. */
  readonly fits?: (sent: Sent) => boolean;
  /**
   * Whether the run must end well all the same: nothing was executed and it may be asked again, or reading settles it.
   * Else it may fail, and only has to say so.
   */
  readonly survives: (sent: Sent) => boolean;
  /** It meets every further request of that path too. */
  readonly persists?: true;
}

const always = (): boolean => true;
const never = (): boolean => false;
const reads = ({ isWrite }: Sent): boolean => !isWrite;
const writes = ({ isWrite }: Sent): boolean => isWrite;
/** The one create that is never sent twice: if it did not happen, this run ends uncertain. */
const unlessProject = ({ path }: Sent): boolean => !path.endsWith('/create_project');
const isPaged = ({ isWrite, reply }: Sent): boolean => !isWrite && pageOf(reply) !== null;
const isList = ({ isWrite, reply }: Sent): boolean => !isWrite && itemsOf(reply) !== null;

const status = (code: number, platformCode?: string, more: object = {}): Effect => ({
  kind: 'status',
  status: code,
  ...(platformCode === undefined ? {} : { code: platformCode }),
  ...more,
});
const rewrite = (change: (body: unknown) => unknown): Effect => ({ kind: 'rewrite', rewrite: change });

/** Not executed, and said so in a way that nobody can mistake: asked again. */
const HARMLESS: readonly OneFault[] = [
  { name: '429', effect: { kind: 'rate-limited' }, survives: always },
  { name: '429, Retry-After: 2', effect: { kind: 'rate-limited', seconds: 2 }, survives: always },
  { name: '429, Retry-After: a date', effect: { kind: 'rate-limited', dateInMs: 3000 }, survives: always },
  { name: '429, Retry-After: 1e9', effect: { kind: 'rate-limited', text: '1000000000' }, survives: always },
  { name: '429, Retry-After: nonsense', effect: { kind: 'rate-limited', text: 'soon' }, survives: always },
  { name: 'refused connection', effect: { kind: 'refused' }, survives: always },
  { name: '503 RejectedBeforeExecution', effect: status(503, 'RejectedBeforeExecution'), survives: always },
];

/** Nobody knows whether it was executed. */
const AMBIGUOUS: readonly OneFault[] = (
  [
    ['500', status(500, 'InternalServerError')],
    ['502 HTML', { kind: 'html' }],
    ['503 OCC', status(503, 'OptimisticConcurrencyControlFailure')],
    ['408', status(408)],
    ['timeout', { kind: 'hang' }],
    ['reset', { kind: 'reset' }],
  ] as const
).flatMap(([name, effect]) => [
  { name: `${name}, nothing done`, effect, survives: unlessProject },
  { name: `${name}, done`, effect: { ...effect, when: 'after' } as Effect, survives: always },
]);

const BROKEN_REPLIES: readonly OneFault[] = [
  { name: 'reset in the body, done', effect: { kind: 'reset', when: 'mid-body' }, survives: always },
  { name: 'truncated JSON', effect: { kind: 'truncated' }, survives: always },
  { name: 'empty 200', effect: { kind: 'empty' }, survives: always },
  { name: 'JSON as text/html', effect: { kind: 'content-type' }, survives: always },
  { name: 'gzip unasked', effect: { kind: 'gzip' }, survives: writes },
  { name: '10 GB', effect: { kind: 'huge', bytes: 10 * 1024 ** 3, when: 'after' }, survives: writes },
  { name: 'slow, in time', effect: { kind: 'slow', bytesPerSecond: 1000 }, survives: always },
  { name: 'slow, too late', effect: { kind: 'slow', bytesPerSecond: 0.01 }, survives: always },
  { name: 'late by 20 s', effect: { kind: 'delay', ms: 20_000 }, survives: always },
];

const REFUSALS: readonly OneFault[] = [
  { name: '400', effect: status(400, 'BadJsonBody'), survives: never },
  {
    name: '400 that quotes what was sent',
    effect: ({ body }) =>
      status(400, 'Quoting', { message: `what is ${JSON.stringify(body)} ${JSON.stringify(JSON.stringify(body))}` }),
    fits: writes,
    survives: never,
  },
  { name: '401', effect: status(401, 'AccessTokenInvalid'), survives: never },
  { name: '403', effect: status(403, 'OperationNotPermitted'), survives: never },
  { name: '404', effect: status(404, 'DeploymentNotFound'), survives: never },
  { name: '409', effect: status(409, 'Conflict'), survives: never },
  { name: '421', effect: status(421), survives: never },
  { name: '425', effect: status(425, 'TooEarly'), survives: reads },
  { name: 'redirect elsewhere', effect: { kind: 'redirect', location: 'https://evil.example/' }, survives: never },
  {
    name: 'redirect elsewhere, done',
    effect: { kind: 'redirect', location: 'https://evil.example/', when: 'after' },
    survives: writes,
  },
];

const ODD_LISTS: readonly OneFault[] = [
  { name: 'hasMore without a cursor', effect: { kind: 'no-cursor' }, fits: isPaged, survives: never },
  { name: 'cursor loop', effect: { kind: 'cursor-loop' }, fits: isPaged, survives: never, persists: true },
  {
    name: 'an item twice',
    effect: rewrite((body) => withItems(body, (items) => [...items, ...items])),
    fits: isList,
    survives: always,
  },
  {
    name: 'an unknown enum',
    effect: rewrite((body) =>
      withItems(body, (items) =>
        items.map((item) => ({ ...item, class: item['class'] === undefined ? undefined : 'z9', kind: item['kind'] })),
      ),
    ),
    fits: isList,
    survives: never,
  },
  {
    name: 'unknown fields',
    effect: rewrite((body) => withItems(body, (items) => items.map((item) => ({ ...item, novel: { deep: [1] } })))),
    fits: isList,
    survives: always,
  },
  {
    name: 'a missing field',
    effect: rewrite((body) => withItems(body, (items) => items.map(({ id: _id, ...item }) => item))),
    fits: isList,
    survives: never,
  },
  { name: 'null for a list', effect: rewrite(() => 'none'), fits: reads, survives: never },
];

export const FAULTS: readonly OneFault[] = [...HARMLESS, ...AMBIGUOUS, ...BROKEN_REPLIES, ...REFUSALS, ...ODD_LISTS];

type Item = Readonly<Record<string, unknown>>;

/** The items of a list, in a page or bare. */
function itemsOf(body: unknown): readonly Item[] | null {
  if (Array.isArray(body)) return body as Item[];
  const { items, domains } = (body ?? {}) as { readonly items?: Item[]; readonly domains?: Item[] };
  return items ?? domains ?? null;
}

function pageOf(body: unknown): unknown {
  return (body as { readonly pagination?: unknown } | null)?.pagination ?? null;
}

function withItems(body: unknown, change: (items: readonly Item[]) => readonly unknown[]): unknown {
  const items = itemsOf(body);
  if (items === null) return null;
  if (Array.isArray(body)) return change(items);
  return { ...(body as object), ['items' in (body as object) ? 'items' : 'domains']: change(items) };
}
