import { describe, expect, it } from 'vitest';
import { desire } from './desired.ts';
import { brief, living, planOn, type PlanOptions } from './run.ts';

const consent = { allowDelete: ['machine', 'site'], confirm: ['site:a/machine:m', 'site:b'] };
const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`S${index}`, 'v']));

async function rules(
  memory: ReturnType<typeof living>,
  desired: ReturnType<typeof desire>,
  options: PlanOptions = {},
): Promise<readonly string[]> {
  const { plan } = await planOn(memory, desired, options);
  return plan.refusals.map(({ rule }) => rule);
}

describe('protection', () => {
  const prune = ['sites', 'machines'] as const;

  it('holds for what is protected by nature, also once its entry is gone', async () => {
    const memory = living({ a: { m: { size: 'prod' }, n: {} } });
    const { plan } = await planOn(memory, desire({ a: { machines: { n: {} } } }, { prune }), { consent });
    expect(plan.refusals).toMatchObject([{ rule: 'protect', addresses: ['site:a/machine:m'] }]);
    expect(plan.refusals[0]?.message).toContain('production machine');
  });

  it('is lifted by policy.unprotect, and not by the entry', async () => {
    const memory = living({ a: { m: { size: 'prod', zone: 'us' } } });
    const entry = { m: { zone: 'eu', size: 'prod', protect: false } };
    expect(await rules(memory, desire({ a: { machines: entry } }), { consent })).toEqual(['protect']);
    const policies = [{ unprotect: ['site:a/machine:*'] }];
    expect(await rules(memory, desire({ a: { machines: entry } }, { policies }), { consent })).toEqual([]);
  });

  it('covers replacement', async () => {
    const memory = living({ a: { m: { zone: 'us' } } });
    expect(await rules(memory, desire({ a: { machines: { m: { zone: 'eu', protect: true } } } }), { consent })).toEqual(
      ['protect'],
    );
  });

  it('reaches up: what contains a protected thing cannot go', async () => {
    const memory = living({ a: {}, b: { m: { size: 'prod' } } });
    const { plan } = await planOn(memory, desire({ a: {} }, { prune }), { consent });
    expect(plan.refusals).toMatchObject([{ rule: 'protect', addresses: ['site:b', 'site:b/machine:m'] }]);
  });

  it('reaches down: what is inside a protected thing cannot go', async () => {
    const memory = living({ a: { m: {}, n: {} } });
    const policies = [{ protect: ['site:a'] }];
    expect(await rules(memory, desire({ a: { machines: { n: {} } } }, { prune, policies }), { consent })).toEqual([
      'protect',
    ]);
    const entry = { a: { protect: true, machines: { n: {} } } };
    expect(await rules(memory, desire(entry, { prune }), { consent })).toEqual(['protect']);
  });

  it('acts only inside the entry whose policy says it', async () => {
    const memory = living({ a: { m: {}, n: {} }, b: {} });
    const within = 'site:b' as never;
    const desired = desire({ a: { machines: { n: {} } }, b: {} }, { prune, policies: [{ within, protect: ['**'] }] });
    expect(await rules(memory, desired, { consent })).toEqual([]);
  });

  it('refuses to take what others own along', async () => {
    const memory = living({ a: {}, b: { theirs: {} } });
    const desired = desire({ a: {} }, { prune, policies: [{ ignore: ['site:b/machine:theirs'] }] });
    const { plan } = await planOn(memory, desired, { consent });
    expect(plan.refusals).toMatchObject([{ rule: 'protect', addresses: ['site:b', 'site:b/machine:theirs'] }]);
  });

  it('does not cover things that hold no data', async () => {
    const memory = living({ a: { m: { size: 'prod', settings: many(20) } } });
    const desired = desire({ a: { machines: { m: { settings: many(19) } } } }, { prune: ['settings'] });
    expect(await rules(memory, desired)).toEqual([]);
  });
});

describe('the threshold', () => {
  const over = (
    live: number,
    kept: number,
    options: PlanOptions = {},
    maxDeletePercent = 30,
  ): Promise<readonly string[]> =>
    rules(
      living({ a: { m: { settings: many(live) } } }),
      desire({ a: { machines: { m: { settings: many(kept) } } } }, { prune: ['settings'], maxDeletePercent }),
      options,
    );

  it('is a share from ten members on', async () => {
    expect(await over(10, 7)).toEqual([]);
    expect(await over(10, 6)).toEqual(['threshold']);
    expect(await over(100, 69)).toEqual(['threshold']);
    expect(await over(100, 69, {}, 31)).toEqual([]);
  });

  it('is "not all of two or more" under ten', async () => {
    expect(await over(9, 1)).toEqual([]);
    expect(await over(9, 0)).toEqual(['threshold']);
    expect(await over(2, 0)).toEqual(['threshold']);
    expect(await over(1, 0)).toEqual([]);
  });

  it('is lifted for one run, by exactly the override it prints', async () => {
    const { plan } = await planOn(
      living({ a: { m: { settings: many(10) } } }),
      desire({ a: { machines: { m: { settings: many(3) } } } }, { prune: ['settings'] }),
    );
    const [refusal] = plan.refusals;
    expect(refusal?.override).toBe('--max-delete-percent 70');
    expect(await over(10, 3, { consent: { maxDeletePercent: 70 } })).toEqual([]);
    expect(await over(10, 3, { consent: { maxDeletePercent: 69 } })).toEqual(['threshold']);
    expect(await over(2, 0, { consent: { maxDeletePercent: 100 } })).toEqual([]);
  });

  it('counts replacements, and not what is declared absent', async () => {
    const machines = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`m${index}`, { zone: 'us' }]));
    const moved = Object.fromEntries(
      Object.keys(machines).map((key, index) => [key, { zone: index < 4 ? 'eu' : 'us', size: 'dev' }]),
    );
    expect(
      await rules(living({ a: machines }), desire({ a: { machines: moved } }), {
        consent: { ...consent, confirm: [] },
      }),
    ).toContain('threshold');
    const gone = Object.fromEntries(Object.keys(many(9)).map((name) => [name, null]));
    expect(
      await rules(living({ a: { m: { settings: many(9) } } }), desire({ a: { machines: { m: { settings: gone } } } })),
    ).toEqual([]);
  });

  it('is a share of what is not ignored, whatever is targeted', async () => {
    const memory = living({ a: { m: { settings: many(12) } } });
    const policies = [{ ignore: ['**/setting:S0', '**/setting:S1', '**/setting:S2'] }];
    const desired = desire({ a: { machines: { m: { settings: {} } } } }, { prune: ['settings'], policies });
    expect(await rules(memory, desired)).toEqual(['threshold']);
    const scope = { target: ['**/setting:S5'] };
    expect(await rules(memory, desired, { scope })).toEqual([]);
  });
});

describe('consent', () => {
  const memory = () => living({ a: { m: {}, n: {} } });
  const desired = desire({ a: { machines: { n: {} } } }, { prune: ['machines'] });

  it('needs the kind and the name, and says exactly what is missing', async () => {
    const asked = async (given: PlanOptions['consent']): Promise<string | null | undefined> => {
      const { plan } = await planOn(memory(), desired, given === undefined ? {} : { consent: given });
      return plan.refusals[0]?.override;
    };
    expect(await asked({})).toBe('--allow-delete machine --confirm site:a/machine:m');
    expect(await asked({ allowDelete: ['machine'] })).toBe('--confirm site:a/machine:m');
    expect(await asked({ confirm: ['site:a/machine:m'] })).toBe('--allow-delete machine');
    expect(await asked(consent)).toBeUndefined();
  });

  it('of an address covers what it takes', async () => {
    const deep = living({ a: {}, b: { m: {}, n: {} } });
    const { plan } = await planOn(deep, desire({ a: {} }, { prune: ['sites', 'machines'] }), {
      consent: { allowDelete: ['site'], confirm: ['site:b'] },
    });
    expect(plan.changes).toMatchObject([{ address: 'site:b', takes: ['site:b/machine:m', 'site:b/machine:n'] }]);
    expect(plan.refusals).toEqual([]);
    const inner = { allowDelete: ['site'], confirm: ['site:b', 'site:b/machine:m'] };
    expect(
      (await planOn(deep, desire({ a: {} }, { prune: ['sites', 'machines'] }), { consent: inner })).plan.diagnostics,
    ).toEqual([]);
  });

  it('to something not planned is a warning', async () => {
    const { plan } = await planOn(memory(), desire({ a: {} }), { consent: { confirm: ['site:zzz'] } });
    expect(plan.diagnostics).toMatchObject([{ code: 'CVG510', severity: 'warning' }]);
  });
});

describe('other refusals', () => {
  it('applies nothing from a document that declares nothing', async () => {
    expect(
      await rules(living({ a: {} }), desire({}, { prune: ['sites'] }), {
        consent: { ...consent, confirm: ['site:a'] },
      }),
    ).toContain('empty-document');
  });

  it('keeps to the request budget', async () => {
    const desired = desire({ a: { title: 'A' } });
    expect(await rules(living({}), desired, { maxRequests: 3 })).toEqual(['budget']);
    expect(await rules(living({}), desired, { maxRequests: 4 })).toEqual([]);
  });
});

describe('limits', () => {
  it('hold for the final state, what nobody declared included', async () => {
    const memory = living({ a: { m: { settings: many(200) } } });
    const more = desire({ a: { machines: { m: { settings: { NEW: '1' } } } } });
    const { plan } = await planOn(memory, more);
    expect(plan.diagnostics).toMatchObject([
      { code: 'CVG509', severity: 'error', address: 'site:a/machine:m/setting:NEW' },
    ]);
    const swapped = desire({ a: { machines: { m: { settings: { NEW: '1', S0: null } } } } });
    expect((await planOn(memory, swapped)).plan.diagnostics).toEqual([]);
  });

  it('are no business of a plan that writes nothing there', async () => {
    const memory = living({ a: { m: { settings: many(300) } } });
    const { plan } = await planOn(memory, desire({ a: { machines: { m: { settings: { S0: 'v' } } } } }));
    expect(plan.diagnostics).toEqual([]);
  });
});

describe('scope', () => {
  const desired = desire({ a: { machines: { m: { size: 'dev', settings: { X: '1', Y: '1' } }, n: { size: 'dev' } } } });
  const memory = () => living({});

  it('takes the matches, their contents and what they need', async () => {
    expect(brief(await planOn(memory(), desired, { scope: { target: ['**/setting:X'] } }))).toEqual([
      '+ a',
      '+ a/m',
      '+ a/m/X',
    ]);
    expect(brief(await planOn(memory(), desired, { scope: { target: ['site:a/machine:m'] } }))).toEqual([
      '+ a',
      '+ a/m',
      '+ a/m/X',
      '+ a/m/Y',
    ]);
  });

  it('lets exclude win', async () => {
    expect(
      brief(
        await planOn(memory(), desired, {
          scope: { target: ['site:a'], exclude: ['**/setting:Y', 'site:a/machine:n'] },
        }),
      ),
    ).toEqual(['+ a', '+ a/m', '+ a/m/X']);
  });

  it('is an error where something excluded is needed, or nothing matches', async () => {
    const needed = await planOn(memory(), desired, {
      scope: { target: ['**/setting:X'], exclude: ['site:a/machine:m'] },
    });
    expect(needed.plan.changes).toEqual([]);
    const blocked = await planOn(memory(), desired, { scope: { exclude: ['site:a'] } });
    expect(brief(blocked)).toEqual([]);
    const nothing = await planOn(memory(), desired, { scope: { target: ['site:a/machine:mm'] } });
    expect(nothing.plan.diagnostics).toMatchObject([{ code: 'CVG511', hint: 'Did you mean site:a/machine:m?' }]);
  });

  it('names what an exclusion leaves out and a target needs', async () => {
    const held = living({ a: { m: { main: true }, n: { size: 'big' } } });
    const moving = desire({ a: { machines: { m: {}, n: { main: true } } } });
    const { plan } = await planOn(held, moving, { scope: { exclude: ['site:a/machine:m'] } });
    expect(plan.diagnostics).toMatchObject([{ code: 'CVG512', address: 'site:a/machine:n' }]);
  });
});
