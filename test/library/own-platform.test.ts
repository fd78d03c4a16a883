import { expect, test } from 'vitest';
import { apply, drift, dump, plan, validate, type Options, type OwnPlatform } from '../../src/index.ts';
import { memoryProvider, newMemory, put, type Memory } from '../engine/memory-provider.ts';
import { inFolder } from '../kit/scratch.ts';

/** Sites, machines and settings: the platform in memory that the engine's own tests run on. */
const STATE = `version: 1
team: home
policy: { prune: [machines] }
sites:
  - id: hall
    title: The hall
    machines:
      - id: press
        size: big
        settings: { SPEED: { fromEnv: SPEED } }
`;

const SPEED = 'very-fast-and-secret';

function platformOf(memory: Memory, closed: string[] = []): OwnPlatform {
  const { kinds } = memoryProvider(memory);
  return { kinds, open: () => ({ ...memoryProvider(memory), close: async () => void closed.push('closed') }) };
}

async function inHall(
  use: (options: Options, memory: Memory, closed: readonly string[]) => Promise<void>,
): Promise<void> {
  const memory = newMemory();
  const closed: string[] = [];
  await inFolder({ 'convex.state.yaml': STATE }, (cwd) =>
    use({ cwd, env: { SPEED }, platform: platformOf(memory, closed) }, memory, closed),
  );
}

test('all of it works on a platform of the caller, without a token', () =>
  inHall(async (options, memory, closed) => {
    expect(await validate(options)).toMatchObject({ diagnostics: [], declared: { site: 1, machine: 1, setting: 1 } });
    const planned = await plan(options);
    if (planned.type !== 'planned') throw new Error(JSON.stringify(planned.diagnostics));
    expect(planned.plan.target).toMatchObject({ apiUrl: 'memory:', dialect: 'memory' });
    const applied = await apply({ ...options, saved: planned.saved });
    expect(applied).toMatchObject({ type: 'applied', report: { proof: { converged: true } } });
    expect(memory.items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['site', 'machine', 'setting']));
    expect(JSON.stringify([planned, applied])).not.toContain(SPEED);
    expect(closed).toEqual(['closed', 'closed']);
  }));

test('drift and dump read it', () =>
  inHall(async (options, memory) => {
    await apply({ ...options, approve: true });
    put(memory, 'machine', 'site-hall', { id: 'saw', size: 'small' });
    const drifted = await drift(options);
    expect(drifted).toMatchObject({ drift: { items: [{ address: 'site:hall/machine:saw', moved: 'unexpected' }] } });
    const dumped = await dump(options);
    if (dumped.type !== 'dumped') throw new Error(JSON.stringify(dumped.diagnostics));
    expect(dumped.documents[0]?.text).toContain('id: saw');
  }));

test('its kinds have to fit together, too', async () => {
  const platform = platformOf(newMemory());
  const { diagnostics } = await validate({ platform: { ...platform, kinds: platform.kinds.toReversed() } });
  expect(diagnostics.map(({ code }) => code)).toEqual(expect.arrayContaining(['CVG711']));
});
