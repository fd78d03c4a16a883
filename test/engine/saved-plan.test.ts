import { describe, expect, it } from 'vitest';
import { checkSaved, digestsOf, type World } from '../../src/diff/saved-plan.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import type { DesiredState } from '../../src/model/resource.ts';
import type { SavedPlan } from '../../src/model/saved-plan.ts';
import { Secret } from '../../src/model/secret.ts';
import { UnknownValue } from '../../src/model/unknown-value.ts';
import { desire } from './desired.ts';
import { memoryProvider, type Memory } from './memory-provider.ts';
import { living, planOn, short, type PlanOptions } from './run.ts';

const key = new Uint8Array(32).fill(7);
const told = { from: 'embedded', hex: 'unused' } as const;

async function look(
  memory: Memory,
  desired: DesiredState,
  options: PlanOptions & { files?: Record<string, string> } = {},
): Promise<World> {
  const { plan, observation } = await planOn(memory, desired, options);
  return {
    plan,
    desired,
    observation,
    kinds: kindsOf(memoryProvider(memory).kinds),
    files: options.files ?? { 'state.yaml': 'f' },
  };
}

async function save(memory: Memory, desired: DesiredState): Promise<SavedPlan> {
  const world = await look(memory, desired);
  return { plan: world.plan, createdAt: '2026-11-20T00:00:00.000Z', tool: '0', digests: digestsOf(world, key, told) };
}

const memory = () => living({ a: { m: { settings: { X: '1', Y: '1' } } } });
const change = (settings: Record<string, string | null | UnknownValue>): DesiredState =>
  desire({ a: { machines: { m: { settings } } } });
const setLive = (platform: Memory, name: string, value: string): void => {
  platform.items = platform.items.map((item) =>
    item.spec['name'] === name ? { ...item, spec: { name, value: new Secret(value) } } : item,
  );
};

describe('a saved plan', () => {
  it('holds while nothing moved', async () => {
    const desired = change({ X: '2', Y: '1' });
    const checked = checkSaved(await save(memory(), desired), await look(memory(), desired), key);
    expect(checked).toMatchObject({
      type: 'holds',
      execute: [{ address: 'site:a/machine:m/setting:X' }],
      notApplied: [],
    });
  });

  it('lists differences that are new, and does not apply them', async () => {
    const desired = change({ X: '2', Y: '1' });
    const saved = await save(memory(), desired);
    const later = memory();
    setLive(later, 'Y', 'moved');
    const checked = checkSaved(saved, await look(later, desired), key);
    expect(checked.type === 'holds' && checked.notApplied.map(short)).toEqual(['a/m/Y']);
    expect(checked.type === 'holds' && checked.execute.map(({ address }) => short(address))).toEqual(['a/m/X']);
  });

  it.each<[string, (platform: Memory) => void, RegExp]>([
    ['the live value', (platform) => setLive(platform, 'X', 'other'), /setting:X: its live state/],
    ['that it is needed', (platform) => setLive(platform, 'X', '2'), /setting:X: the update is no longer needed/],
    [
      'that it exists',
      (platform) => (platform.items = platform.items.filter(({ spec }) => spec['name'] !== 'X')),
      /was to update, now needs to create|differs in/,
    ],
  ])('is stale when %s moved', async (_what, move, says) => {
    const desired = change({ X: '2', Y: '1' });
    const saved = await save(memory(), desired);
    const later = memory();
    move(later);
    const checked = checkSaved(saved, await look(later, desired), key);
    expect(checked.type === 'stale' && checked.moved.join('\n')).toMatch(says);
  });

  it('is stale when a source gives another value, also where nothing was to change', async () => {
    const saved = await save(memory(), change({ X: '2', Y: '1' }));
    for (const settings of [
      { X: '3', Y: '1' },
      { X: '2', Y: '3' },
    ]) {
      const checked = checkSaved(saved, await look(memory(), change(settings)), key);
      expect(checked.type === 'stale' && checked.moved.join('\n')).toContain('desired state');
    }
  });

  it('is stale for other files, another scope and another target', async () => {
    const desired = change({ X: '2', Y: '1' });
    const saved = await save(memory(), desired);
    const moved = async (options: PlanOptions & { files?: Record<string, string> }): Promise<string> => {
      const checked = checkSaved(saved, await look(memory(), desired, options), key);
      return checked.type === 'stale' ? checked.moved.join('\n') : 'holds';
    };
    expect(await moved({ files: { 'state.yaml': 'g' } })).toBe('state.yaml: has changed since the plan was made');
    expect(await moved({ files: {} })).toContain('is gone');
    expect(await moved({ files: { 'state.yaml': 'f', 'more.yaml': 'h' } })).toContain('more.yaml: was not there');
    expect(await moved({ scope: { target: ['**/setting:X'] } })).toContain('scope');
    const world = await look(memory(), desired);
    const elsewhere = { ...world, plan: { ...world.plan, target: { ...world.plan.target, teamId: 2 } } };
    expect(checkSaved(saved, elsewhere, key)).toMatchObject({
      type: 'stale',
      moved: ['team id: the plan is for 1, this is 2'],
    });
  });

  it('made without a value becomes a write of that variable, or nothing', async () => {
    const saved = await save(memory(), change({ X: new UnknownValue('fromEnv X'), Y: '1' }));
    expect(checkSaved(saved, await look(memory(), change({ X: '2', Y: '1' })), key)).toMatchObject({
      type: 'holds',
      execute: [{ action: 'update' }],
    });
    expect(checkSaved(saved, await look(memory(), change({ X: '1', Y: '1' })), key)).toMatchObject({
      type: 'holds',
      execute: [],
    });
    expect(checkSaved(saved, await look(memory(), change({ X: '2', Y: '9' })), key)).toMatchObject({ type: 'stale' });
  });

  it('holds no value, and digests that only its key can make', async () => {
    const saved = await save(memory(), change({ X: 'a-long-enough-value', Y: '1' }));
    expect(JSON.stringify(saved)).not.toContain('a-long-enough-value');
    const world = await look(memory(), change({ X: 'a-long-enough-value', Y: '1' }));
    expect(checkSaved(saved, world, new Uint8Array(32))).toMatchObject({ type: 'stale' });
  });

  const selecting = (value: string): DesiredState => ({
    ...desire({}, { selectors: [{ settings: { X: value } }] }),
    collections: [],
  });

  it('stands on what selectors say, not on what they match', async () => {
    const saved = await save(memory(), selecting('2'));
    const more = living({ a: { m: { settings: { X: '1', Y: '1' } }, n: {} } });
    expect(checkSaved(saved, await look(more, selecting('2')), key)).toMatchObject({
      type: 'holds',
      execute: [{ address: 'site:a/machine:m/setting:X' }],
      notApplied: ['site:a/machine:n/setting:X'],
    });
    // One selector more, and the same change of the same live value.
    const other = { ...selecting('2'), selectors: [...selecting('2').selectors, ...selecting('2').selectors] };
    expect(checkSaved(saved, await look(memory(), other), key)).toMatchObject({ type: 'stale' });
    expect(checkSaved(saved, await look(memory(), selecting('3')), key)).toMatchObject({ type: 'stale' });
  });

  it('lets go of what a selector matched, and not of what an entry declares', async () => {
    const empty = living({ a: {} });
    const selected = checkSaved(await save(memory(), selecting('2')), await look(empty, selecting('2')), key);
    expect(selected).toMatchObject({ type: 'holds', execute: [], gone: [{ address: 'site:a/machine:m/setting:X' }] });
    const sized = { ...desire({}, { selectors: [{ size: 'big' }] }), collections: [] };
    const selectedItself = checkSaved(await save(memory(), sized), await look(empty, sized), key);
    expect(selectedItself).toMatchObject({ type: 'holds', gone: [{ address: 'site:a/machine:m', action: 'update' }] });
    const entry = change({ X: null });
    const declared = checkSaved(await save(memory(), entry), await look(empty, entry), key);
    expect(declared).toMatchObject({ type: 'stale' });
  });
});
