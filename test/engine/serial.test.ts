// Law E: the changes of one container's members are one request, or two one after the other; containers do not wait for
// each other.
import { expect, it } from 'vitest';
import type { Provider } from '../../src/model/provider.ts';
import { execute } from '../../src/reconcile/execute.ts';
import { desire } from './desired.ts';
import { memoryProvider, type Memory } from './memory-provider.ts';
import { living, planOn, virtualClock } from './run.ts';

interface Watched {
  readonly provider: Provider<Memory>;
  /** `m +1 -0` at the begin of a write, `m done` at its end, in order. */
  readonly told: string[];
  most: { inOne: number; atAll: number };
}

/** The same platform, whose batches take a while; `apart`: what is set and what is removed are two requests. */
function slowBatches(memory: Memory, apart: boolean): Watched {
  const told: string[] = [];
  const most = { inOne: 0, atAll: 0 };
  const open = new Map<string, number>();
  const provider = memoryProvider(memory);
  const kinds = provider.kinds.map((kind) => {
    const { write } = kind;
    if (write.how !== 'together') return kind;
    return {
      ...kind,
      write: {
        ...write,
        ...(apart ? { apart: true as const } : {}),
        write: async (api: Memory, request: Parameters<typeof write.write>[1]) => {
          const { id } = request.parent;
          open.set(id, (open.get(id) ?? 0) + 1);
          most.inOne = Math.max(most.inOne, open.get(id) ?? 0);
          most.atAll = Math.max(
            most.atAll,
            [...open.values()].reduce((sum, n) => sum + n, 0),
          );
          told.push(`${id} +${request.set.length} -${request.remove.length}`);
          await new Promise((resolve) => setImmediate(resolve));
          await write.write(api, request);
          open.set(id, (open.get(id) ?? 0) - 1);
          told.push(`${id} done`);
        },
      },
    };
  });
  return { provider: { ...provider, kinds }, told, most };
}

it.each([
  ['one request', false, ['machine-m +2 -1', 'machine-m done']],
  ['two requests, what is set first', true, ['machine-m +2 -0', 'machine-m done', 'machine-m +0 -1', 'machine-m done']],
])('%s for one container, never two at a time', async (_, apart, expected) => {
  const settings = { OLD: '1', X: '1' };
  const memory = living({ a: { m: { settings }, n: { settings }, o: { settings } } });
  const wanted = { size: 'dev', settings: { X: '2', NEW: '1', OLD: null } };
  const desired = desire({ a: { machines: { m: wanted, n: wanted, o: wanted } } });
  const { plan, observation, desired: asked } = await planOn(memory, desired);
  const { provider, told, most } = slowBatches(memory, apart);
  const never = new AbortController().signal;
  const outcomes = await execute(provider, plan.changes, {
    ground: { desired: asked, observation },
    concurrency: 8,
    waitMs: 0,
    clock: virtualClock(),
    onEvent: () => undefined,
    drain: never,
    abort: never,
  });
  expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'succeeded'));
  expect(told.filter((line) => line.startsWith('machine-m'))).toEqual(expected);
  expect(most).toEqual({ inOne: 1, atAll: 3 });
});
