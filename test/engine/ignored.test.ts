// What `policy.ignore` leaves alone for a reason: the engine's side.
import { describe, expect, test } from 'vitest';
import { withRulesInForce } from '../../src/document/read-ignore-rules.ts';
import type { IgnoreRule } from '../../src/model/ignore-rule.ts';
import type { Address } from '../../src/model/address.ts';
import { Secret } from '../../src/model/secret.ts';
import type { DesiredState } from '../../src/model/resource.ts';
import { desire } from './desired.ts';
import { newMemory } from './memory-provider.ts';
import { applyOn, brief, living, planOn, short } from './run.ts';

const NOW = Date.UTC(2026, 10, 20);
const WHERE = { file: 'state.yaml', line: 3, column: 7 };
const rule = (address: string, fields: readonly string[] = [], rest: Partial<IgnoreRule> = {}): IgnoreRule => ({
  within: null,
  address,
  fields,
  reason: 'a fair',
  expires: NOW + 1,
  where: WHERE,
  ...rest,
});
const ruled = (desired: DesiredState, ...ignores: readonly IgnoreRule[]): DesiredState =>
  withRulesInForce({ ...desired, ignores }, NOW);

/** The plan in short, what each rule leaves alone, and of that what differs. */
async function judged(memory: Parameters<typeof planOn>[0], desired: DesiredState, scope = {}) {
  const made = await planOn(memory, desired, { now: NOW, scope });
  return {
    changes: brief(made),
    ignored: (made.plan.ignored ?? []).map(
      ({ address, things, differing }) =>
        `${address}: ${things.map(short).join(' ')} | ${differing.map(short).join(' ')}`,
    ),
    said: made.plan.diagnostics.map(({ code }) => code),
  };
}

const machine = (rest: object) => ({ a: { machines: { m: rest } } });

describe('fields', () => {
  test('are left as they are, and counted; others are not', async () => {
    const memory = living({ a: { m: { size: 'small', main: false } } });
    const desired = desire(machine({ size: 'large', main: true }));
    expect(await judged(memory, ruled(desired, rule('site:*/machine:*', ['size'])))).toEqual({
      changes: ['~ a/m main'],
      ignored: ['site:*/machine:*: a/m | a/m'],
      said: [],
    });
    await applyOn(memory, ruled(desired, rule('site:*/machine:*', ['size'])), { now: NOW });
    expect(memory.items.find(({ kind }) => kind === 'machine')?.spec).toMatchObject({ size: 'small', main: true });
  });

  test('force no replacement', async () => {
    const memory = living({ a: { m: { zone: 'us' } } });
    const desired = desire(machine({ zone: 'eu' }));
    expect((await judged(memory, desired)).changes).toEqual(['-/+ a/m']);
    expect((await judged(memory, ruled(desired, rule('**', ['zone'])))).changes).toEqual([]);
  });

  test('are made as declared where the thing is made, also again inside of a replacement', async () => {
    const desired = desire(machine({ zone: 'eu', size: 'large', settings: { K: 'declared' } }));
    const rules = [rule('**/setting:K', ['value']), rule('**/machine:m', ['size'])];
    for (const memory of [newMemory(), living({ a: { m: { zone: 'us', size: 'small', settings: { K: 'live' } } } })]) {
      const isThere = memory.items.length > 0;
      const outcomes = await applyOn(memory, ruled(desired, ...rules), {
        now: NOW,
        consent: { allowDelete: ['machine'], confirm: ['site:a/machine:m'], maxDeletePercent: 100 },
      });
      expect(outcomes.every(({ status }) => status === 'succeeded')).toBe(true);
      const specOf = (name: string) => memory.items.find(({ kind }) => kind === name)?.spec;
      const value = specOf('setting')?.['value'];
      expect(value instanceof Secret && value.equals(new Secret('declared'))).toBe(true);
      // What is replaced keeps what nobody asks to change.
      expect(specOf('machine')).toMatchObject({ zone: 'eu', size: isThere ? 'small' : 'large' });
    }
  });

  test('of several rules all hold, each in its own container', async () => {
    const memory = living({ a: { m: { size: 'x' } }, b: { m: { size: 'x' } } });
    const desired = desire({ a: { machines: { m: { size: 'y' } } }, b: { machines: { m: { size: 'y' } } } });
    const inside = rule('**', ['size'], { within: 'site:a' as Address });
    expect((await judged(memory, ruled(desired, inside))).changes).toEqual(['~ b/m size']);
    expect((await judged(memory, ruled(desired, inside, rule('site:b/**', ['size', 'main'])))).changes).toEqual([]);
  });
});

describe('whole things', () => {
  test('are as what others own, and counted with what they contain', async () => {
    const memory = living({ a: { m: { settings: { K: 'x' } } }, b: {} });
    const desired = desire({ a: { machines: { m: { settings: { K: 'y' } } } }, b: { machines: {} } });
    expect(await judged(memory, ruled(desired, rule('site:a')))).toEqual({
      changes: [],
      ignored: ['site:a: a a/m a/m/K | '],
      said: [],
    });
  });
});

describe('rules', () => {
  test('that match nothing warn; what is out of the scope is not told', async () => {
    const memory = living({ a: { m: {} }, b: {} });
    const desired = desire({ a: { machines: { m: { size: 'dev' } } }, b: {} });
    const found = await judged(memory, ruled(desired, rule('site:c'), rule('**', ['title']), rule('**', ['size'])), {
      target: ['site:b'],
    });
    expect(found).toEqual({ changes: [], ignored: [], said: ['CVG524', 'CVG524'] });
  });

  test('that have expired hold nothing', async () => {
    const memory = living({ a: { m: { size: 'small' } } });
    const desired = desire(machine({ size: 'large' }));
    const over = rule('**', ['size'], { expires: NOW });
    expect(await judged(memory, ruled(desired, over, rule('site:a', [], { expires: NOW - 1 })))).toMatchObject({
      changes: ['~ a/m size'],
      ignored: [],
    });
  });
});
