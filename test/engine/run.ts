// The engine's two halves, run on the in-memory platform.
import { NO_CONSENT, type Consent } from '../../src/model/consent.ts';
import { makePlan, type Made } from '../../src/diff/plan.ts';
import { instantiate } from '../../src/document/instantiate.ts';
import type { WindowStanding } from '../../src/model/change-window.ts';
import type { Scope } from '../../src/model/change.ts';
import type { EventSink } from '../../src/model/event.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Clock } from '../../src/model/ports.ts';
import type { DesiredState, Spec } from '../../src/model/resource.ts';
import { Secret } from '../../src/model/secret.ts';
import { execute } from '../../src/reconcile/execute.ts';
import { observe } from '../../src/reconcile/observe.ts';
import { memoryProvider, newMemory, put, type Memory } from './memory-provider.ts';

/** A clock on which sleeping takes no time. */
export function virtualClock(start = 0): Clock {
  let at = start;
  return {
    now: () => at,
    monotonic: () => at,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      at += ms;
    },
  };
}

export interface PlanOptions {
  readonly scope?: Partial<Scope>;
  readonly consent?: Partial<Consent>;
  readonly now?: number;
  readonly maxRequests?: number;
  readonly windows?: readonly WindowStanding[];
  readonly parityKey?: Uint8Array;
}

export async function planOn(
  memory: Memory,
  asked: DesiredState,
  options: PlanOptions = {},
): Promise<Made & { readonly observation: Observation }> {
  const provider = memoryProvider(memory);
  const from = memory.calls.length;
  const { desired, observation } = await observe(provider, asked, {
    signal: never,
    at: 0,
    onEvent: () => undefined,
    instantiate: (inventory, whole) => instantiate(asked, inventory, { kinds: kindsOf(provider.kinds), whole }).desired,
  });
  const made = makePlan({
    desired,
    observation,
    kinds: kindsOf(provider.kinds),
    target: await provider.identify(never),
    scope: { target: [], exclude: [], ...options.scope },
    consent: { ...NO_CONSENT, ...options.consent },
    now: options.now ?? 0,
    windows: options.windows ?? [],
    reads: memory.calls.length - from,
    maxRequests: options.maxRequests ?? null,
    ...(options.parityKey === undefined ? {} : { parityKey: options.parityKey }),
  });
  return { ...made, observation };
}

export async function applyOn(
  memory: Memory,
  desired: DesiredState,
  options: PlanOptions & {
    readonly concurrency?: number;
    readonly waitMs?: number;
    readonly clock?: Clock;
    readonly onEvent?: EventSink;
    readonly drain?: AbortSignal;
    readonly abort?: AbortSignal;
    /** What others do between the plan and the first write. */
    readonly meanwhile?: () => unknown;
  } = {},
): Promise<readonly Outcome[]> {
  const { plan, observation, desired: asked } = await planOn(memory, desired, options);
  options.meanwhile?.();
  return execute(memoryProvider(memory), plan.changes, {
    ground: { desired: asked, observation },
    concurrency: options.concurrency ?? 4,
    waitMs: options.waitMs ?? 60_000,
    clock: options.clock ?? virtualClock(),
    onEvent: options.onEvent ?? (() => undefined),
    drain: options.drain ?? never,
    abort: options.abort ?? never,
  });
}

/** `+ address`, `~ address field,field`, `-/+ …`, `- …`: a plan in a few characters. */
export function brief({ plan }: Pick<Made, 'plan'>): readonly string[] {
  const symbols = { create: '+', update: '~', replace: '-/+', delete: '-' } as const;
  return plan.changes.map(({ action, address, fields }) =>
    [
      symbols[action],
      short(address),
      ...(action === 'update' ? [fields.map(({ field }) => field).join(',')] : []),
    ].join(' '),
  );
}

/** The write requests so far. */
export function writes({ calls }: Memory): readonly string[] {
  return calls.filter((call) => !call.startsWith('list'));
}

/** Somebody changes what is live. */
export function change(memory: Memory, id: string, spec: Spec): void {
  memory.items = memory.items.map((item) => (item.id === id ? { ...item, spec: { ...item.spec, ...spec } } : item));
}

/** Somebody deletes it, with what is in it. */
export function remove(memory: Memory, id: string): void {
  memory.items = memory.items.filter((item) => item.id !== id && item.parentId !== id);
}

/** `a/m/X`, its status, and its error's code: an outcome in a few characters. */
export function fates(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map(({ address, status, error }) =>
    [short(address), status, ...(error === undefined ? [] : [error.code])].join(' '),
  );
}

/** `site:a/machine:m/setting:X` as `a/m/X`. */
export function short(address: string): string {
  return address.replace(/[a-z-]+:/g, '');
}

/** The platform, built as nested objects: sites → machines → settings. */
export function living(
  sites: Readonly<
    Record<
      string,
      Readonly<Record<string, Readonly<Record<string, unknown>> & { settings?: Readonly<Record<string, string>> }>>
    >
  >,
): Memory {
  const memory = newMemory();
  for (const [id, machines] of Object.entries(sites)) {
    const site = put(memory, 'site', null, { id, title: id });
    for (const [name, { settings = {}, ...spec }] of Object.entries(machines)) {
      const machine = put(memory, 'machine', site.id, {
        id: name,
        size: 'dev',
        zone: 'us',
        main: false,
        until: null,
        ...spec,
      });
      for (const [key, value] of Object.entries(settings))
        put(memory, 'setting', machine.id, { name: key, value: new Secret(value) });
    }
  }
  return memory;
}

const never = new AbortController().signal;
