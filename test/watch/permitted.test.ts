import { describe, expect, test } from 'vitest';
import { permitted } from '../../src/diff/permitted.ts';
import type { Address } from '../../src/model/address.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import type { HeldChange } from '../../src/model/watch-status.ts';
import { desire } from '../engine/desired.ts';
import { memoryProvider, newMemory } from '../engine/memory-provider.ts';
import { living, planOn, short } from '../engine/run.ts';

const kinds = kindsOf(memoryProvider(newMemory()).kinds);

/** What the daemon would do of the plan: `executes`, and why it does not do the rest. */
async function judged(
  memory: Parameters<typeof planOn>[0],
  desired: Parameters<typeof planOn>[1],
  options: Parameters<typeof planOn>[2] & { readonly resting?: readonly string[] } = {},
) {
  const { plan } = await planOn(memory, desired, options);
  const resting = new Map<Address, Pick<HeldChange, 'because' | 'why'>>();
  for (const { address } of plan.changes)
    if (options.resting?.includes(short(address)) === true) resting.set(address, { because: 'stalled', why: 'no' });
  const { execute, held } = permitted(plan, kinds, resting);
  return {
    executes: execute.map(({ action, address }) => `${action} ${short(address)}`),
    held: held.map(({ address, because }) => `${because} ${short(address)}`),
  };
}

describe('what the daemon may do of a plan', () => {
  test('all of it, where nothing is refused', async () => {
    const { executes, held } = await judged(
      living({ a: { m: {} } }),
      desire({ a: { machines: { m: { settings: { K: 'v' } } } } }),
    );
    expect(executes).toEqual(['create a/m/K']);
    expect(held).toEqual([]);
  });

  test('what holds data stays, also where everybody consents; the rest goes on', async () => {
    const memory = living({ a: { m: { settings: { K: 'old' } }, gone: {} } });
    const desired = desire({ a: { machines: { m: { settings: { K: 'new' } } } } }, { prune: ['machines'] });
    const consent = { allowDelete: ['machine'], confirm: ['site:a/machine:gone'], maxDeletePercent: 100 };
    const { executes, held } = await judged(memory, desired, { consent });
    expect(executes).toEqual(['update a/m/K']);
    expect(held).toEqual(['holds-data a/gone']);
  });

  test('a replacement is held with all that it would make again', async () => {
    const memory = living({ a: { m: { zone: 'us', settings: { K: 'v' } } } });
    const desired = desire({ a: { title: 'A', machines: { m: { zone: 'eu', settings: { K: 'v', L: 'w' } } } } });
    const consent = { allowDelete: ['machine'], confirm: ['site:a/machine:m'] };
    const { executes, held } = await judged(memory, desired, { consent });
    expect(executes).toEqual(['update a']);
    expect(held).toEqual(['holds-data a/m', 'needs a/m/K', 'needs a/m/L']);
  });

  test('the threshold holds the deletions back, and nothing else', async () => {
    const settings = Object.fromEntries('abcdefghij'.split('').map((name) => [name, 'x']));
    const memory = living({ a: { m: { settings } } });
    const desired = desire({ a: { machines: { m: { settings: { a: 'y', new: 'z' } } } } }, { prune: ['settings'] });
    const { executes, held } = await judged(memory, desired);
    expect(executes).toEqual(['update a/m/a', 'create a/m/new']);
    expect(held).toEqual('bcdefghij'.split('').map((name) => `refused a/m/${name}`));
  });

  test('a refusal of the whole plan holds all of it', async () => {
    const { executes, held } = await judged(
      living({ a: { m: {} } }),
      desire({ a: { machines: { m: { settings: { K: 'v' } } } } }),
      { maxRequests: 1 },
    );
    expect(executes).toEqual([]);
    expect(held).toEqual(['refused a/m/K']);
  });

  test('what a held container would hold waits with it', async () => {
    const memory = living({});
    const desired = desire({ a: { machines: { m: { settings: { K: 'v' } } } }, b: {} });
    const { executes, held } = await judged(memory, desired, { resting: ['a'] });
    expect(executes).toEqual(['create b']);
    expect(held).toEqual(['stalled a', 'needs a/m', 'needs a/m/K']);
  });

  test('a name is not given up for a taker that is held', async () => {
    const memory = living({ a: { old: { main: true }, next: {} } });
    const desired = desire({ a: { machines: { old: {}, next: { main: true } } } });
    const both = await judged(memory, desired);
    expect(both).toEqual({ executes: ['update a/next', 'update a/old'], held: [] });
    const none = await judged(memory, desired, { resting: ['a/next'] });
    expect(none).toEqual({ executes: [], held: ['stalled a/next', 'needs a/old'] });
  });
});
