import { describe, expect, it } from 'vitest';
import { UnknownValue } from '../../src/model/unknown-value.ts';
import { desire } from './desired.ts';
import { applyOn, brief, living, planOn, short } from './run.ts';

const setting = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`S${index}`, 'v']));

describe('comparing', () => {
  it('creates what is declared and absent, containers first', async () => {
    const made = await planOn(
      living({}),
      desire({ a: { title: 'A', machines: { m: { size: 'dev', settings: { X: '1' } } } } }),
    );
    expect(brief(made)).toEqual(['+ a', '+ a/m', '+ a/m/X']);
    expect(made.plan.changes.map(({ dependsOn }) => dependsOn.map(short))).toEqual([[], ['a'], ['a/m']]);
    expect(made.plan.summary).toEqual({ create: 3, update: 0, replace: 0, delete: 0, 'no-op': 0 });
  });

  it('counts one write for a create, one more for what the create cannot carry, one per batch', async () => {
    const desired = desire({ a: { title: 'A', machines: { m: { size: 'dev', settings: setting(20) } } } });
    const made = await planOn(living({}), desired);
    expect(made.plan.requests).toMatchObject({ predictedWrites: 4, invalidations: 1 });
    const memory = living({});
    await applyOn(memory, desired);
    expect(memory.calls.filter((call) => !call.startsWith('list'))).toEqual([
      'create a',
      'update site-a title',
      'create m',
      'write machine-m +20 -0',
    ]);
  });

  it('leaves fields alone that the document does not mention, and writes only what differs', async () => {
    const memory = living({ a: { m: { size: 'big', zone: 'eu', settings: { X: '1', Y: '2' } } } });
    const made = await planOn(memory, desire({ a: { machines: { m: { settings: { X: '1', Y: '3' } } } } }));
    expect(brief(made)).toEqual(['~ a/m/Y value']);
    expect(made.plan.summary['no-op']).toBe(3);
  });

  it('replaces for an immutable field, recreates the contents and names what dies', async () => {
    const memory = living({ a: { m: { zone: 'us', settings: { X: '1', OTHER: '2' } } } });
    const made = await planOn(
      memory,
      desire({ a: { machines: { m: { size: 'dev', zone: 'eu', settings: { X: '1' } } } } }),
    );
    expect(brief(made)).toEqual(['-/+ a/m', '+ a/m/X']);
    const [replace, child] = made.plan.changes;
    expect(replace).toMatchObject({
      reason: 'differs',
      fields: [{ field: 'zone', forcesReplacement: true, before: 'us', after: 'eu' }],
    });
    expect(replace?.takes.map(short)).toEqual(['a/m/OTHER', 'a/m/X']);
    expect(child).toMatchObject({ reason: 'recreated', dependsOn: ['site:a/machine:m'] });
  });

  it('uses the default of an immutable field at creation only', async () => {
    const entry = { size: 'dev', defaultZone: 'eu' };
    expect(
      brief(await planOn(living({ a: { m: { zone: 'us' } } }), desire({ a: { machines: { m: entry } } }))),
    ).toEqual([]);
    const made = await planOn(living({ a: {} }), desire({ a: { machines: { m: entry } } }));
    expect(made.plan.changes[0]?.fields).toContainEqual(expect.objectContaining({ field: 'zone', after: 'eu' }));
  });

  it('hides sensitive values unless they are visible and no credential', async () => {
    const memory = living({ a: { m: { settings: { LOG: 'info', API_KEY: 'sk-aaaaaaaaaaaaaaaaaaaaaaaa' } } } });
    const settings = { LOG: 'debug', API_KEY: 'plain-enough' };
    const hidden = await planOn(memory, desire({ a: { machines: { m: { settings } } } }));
    expect(JSON.stringify(hidden.plan)).not.toMatch(/debug|info|sk-a|plain/);
    const shown = await planOn(memory, desire({ a: { machines: { m: { settings, visible: true } } } }));
    expect(shown.plan.changes.map(({ fields }) => fields[0])).toEqual([
      { field: 'value', sensitive: true, unknown: false, forcesReplacement: false },
      { field: 'value', sensitive: false, unknown: false, forcesReplacement: false, before: 'info', after: 'debug' },
    ]);
  });

  it('plans an unresolved value as a possible write and never compares it', async () => {
    const memory = living({ a: { m: { settings: { X: '1' } } } });
    const made = await planOn(
      memory,
      desire({ a: { machines: { m: { settings: { X: new UnknownValue('fromEnv X') } } } } }),
    );
    expect(made.plan.changes[0]).toMatchObject({ action: 'update', fields: [{ field: 'value', unknown: true }] });
  });

  it('never writes on the ground of a value that the platform withholds', async () => {
    const memory = living({ a: { m: {} } });
    memory.items.push({ kind: 'setting', id: 's', parentId: 'machine-m', spec: { name: 'X' }, facts: {} });
    const made = await planOn(memory, desire({ a: { machines: { m: { settings: { X: '1' } } } } }));
    expect(brief(made)).toEqual([]);
    expect(made.plan.diagnostics).toMatchObject([{ code: 'CVG513' }]);
  });

  it('needs required fields to create, and only then', async () => {
    const desired = desire({ a: { machines: { m: {} } } });
    expect((await planOn(living({ a: {} }), desired)).plan.diagnostics).toMatchObject([
      { code: 'CVG506', severity: 'error' },
    ]);
    expect((await planOn(living({ a: { m: {} } }), desired)).plan.diagnostics).toEqual([]);
    const moved = living({ a: { m: { zone: 'us', size: undefined } } });
    const replacing = desire({ a: { machines: { m: { zone: 'eu' } } } });
    expect((await planOn(moved, replacing)).plan.diagnostics).toMatchObject([{ code: 'CVG506' }]);
  });

  it('treats a declared thing whose time has passed as expired, not absent, and its contents with it', async () => {
    const desired = desire({ a: { machines: { m: { size: 'dev', until: 500, settings: { X: '1' } } } } });
    const made = await planOn(living({ a: {} }), desired, { now: 1000 });
    expect(brief(made)).toEqual([]);
    expect(made.plan.diagnostics).toMatchObject([{ code: 'CVG507', severity: 'warning' }]);
    expect(brief(await planOn(living({ a: {} }), desired, { now: 100 }))).toHaveLength(2);
  });
});

describe('undeclared things', () => {
  const memory = () => living({ a: { m: { settings: { X: '1', Y: '2' } }, n: {} }, b: {} });
  const document = { a: { machines: { m: { settings: { X: '1' } } } } };

  it('reports and keeps them', async () => {
    const made = await planOn(memory(), desire(document));
    expect(brief(made)).toEqual([]);
    expect(made.plan.unmanaged.map(short)).toEqual(['a/m/Y', 'a/n', 'b']);
  });

  it('says nothing of collections that are not managed', async () => {
    const made = await planOn(memory(), desire({ a: {} }));
    expect(made.plan.unmanaged.map(short)).toEqual(['b']);
  });

  it('deletes them where prune names the collection', async () => {
    const made = await planOn(memory(), desire(document, { prune: ['settings', 'machines'] }));
    expect(brief(made)).toEqual(['- a/m/Y', '- a/n']);
    expect(made.plan.changes.map(({ reason }) => reason)).toEqual(['undeclared', 'undeclared']);
  });

  it('neither prunes nor reports where some declarations are unknown', async () => {
    const made = await planOn(memory(), desire(document, { prune: ['settings'], incomplete: true }));
    expect(brief(made)).toEqual([]);
    expect(made.plan.unmanaged).toEqual([]);
  });

  it('looks away from what others own, and from what that contains', async () => {
    const made = await planOn(
      memory(),
      desire(document, {
        prune: ['settings', 'machines', 'sites'],
        policies: [{ ignore: ['site:b', '**/setting:Y', 'site:a/machine:n'] }],
      }),
    );
    expect(brief(made)).toEqual([]);
    expect(made.plan.unmanaged).toEqual([]);
    const declared = await planOn(
      living({}),
      desire({ b: { machines: { z: { size: 'dev' } } } }, { policies: [{ ignore: ['site:b'] }] }),
    );
    expect(brief(declared)).toEqual([]);
  });

  it('removes what is declared absent, without prune', async () => {
    const made = await planOn(memory(), desire({ a: { machines: { m: { settings: { X: '1', Y: null } } } } }));
    expect(brief(made)).toEqual(['- a/m/Y']);
    expect(made.plan.changes[0]?.reason).toBe('declared-absent');
  });
});

describe('renames', () => {
  const desired = desire({ a: { machines: { fresh: { renamedFrom: 'old', settings: { X: '1' } } } } });

  it('updates the key when only the old one is live, and finds its contents', async () => {
    const memory = living({ a: { old: { settings: { X: '1' } } } });
    const made = await planOn(memory, desired);
    expect(brief(made)).toEqual(['~ a/fresh id']);
    expect(made.plan.changes[0]?.fields[0]).toMatchObject({ before: 'old', after: 'fresh' });
    await applyOn(memory, desired);
    expect(brief(await planOn(memory, desired))).toEqual([]);
  });

  it('notes when only the new one is live', async () => {
    const made = await planOn(living({ a: { fresh: { settings: { X: '1' } } } }), desired);
    expect(made.plan.diagnostics).toMatchObject([{ code: 'CVG503', severity: 'note' }]);
  });

  it('is an error when both are live', async () => {
    const made = await planOn(living({ a: { fresh: { settings: { X: '1' } }, old: {} } }), desired);
    expect(made.plan.diagnostics).toMatchObject([{ code: 'CVG504', severity: 'error' }]);
  });

  it('warns of a create beside an undeclared look-alike, and refuses one that takes an exclusive name', async () => {
    const memory = living({ a: { old: { size: 'big' } } });
    const warned = await planOn(memory, desire({ a: { machines: { fresh: { size: 'big' } } } }));
    expect(warned.plan.diagnostics).toMatchObject([{ code: 'CVG505', severity: 'warning' }]);
    const ignoring = desire(
      { a: { machines: { fresh: { size: 'big' } } } },
      { policies: [{ ignore: ['**/machine:old'] }] },
    );
    expect((await planOn(memory, ignoring)).plan.diagnostics).toEqual([]);
    const refused = await planOn(memory, desire({ a: { machines: { fresh: { size: 'big', main: true } } } }));
    expect(refused.plan.diagnostics).toMatchObject([{ code: 'CVG505', severity: 'error' }]);
  });
});

describe('claims', () => {
  it('makes a declared holder give it up first, also when its entry does not mention it', async () => {
    const memory = living({ a: { m: { main: true }, n: { size: 'big' } } });
    const desired = desire({ a: { machines: { m: {}, n: { main: true } } } });
    const made = await planOn(memory, desired);
    expect(brief(made)).toEqual(['~ a/m main', '~ a/n main']);
    expect(made.plan.changes.map(({ reason, dependsOn }) => [reason, dependsOn.map(short)])).toEqual([
      ['releases-claim', []],
      ['differs', ['a/m']],
    ]);
    await applyOn(memory, desired, { concurrency: 8 });
    expect(memory.calls.filter((call) => call.startsWith('update'))).toEqual([
      'update machine-m main',
      'update machine-n main',
    ]);
    expect(brief(await planOn(memory, desired))).toEqual([]);
  });

  it('refuses what an undeclared one holds, and names it', async () => {
    const made = await planOn(
      living({ a: { m: { main: true, size: 'big' } } }),
      desire({ a: { machines: { n: { size: 'dev', main: true } } } }),
    );
    expect(made.plan.refusals).toMatchObject([
      { rule: 'default', addresses: ['site:a/machine:n', 'site:a/machine:m'] },
    ]);
  });

  it('lets a pruned holder go first', async () => {
    const memory = living({ a: { m: { main: true, size: 'big' }, n: {} } });
    const made = await planOn(memory, desire({ a: { machines: { n: { main: true } } } }, { prune: ['machines'] }));
    expect(made.plan.changes.find(({ address }) => short(address) === 'a/n')?.dependsOn.map(short)).toEqual(['a/m']);
    expect(made.plan.refusals.map(({ rule }) => rule)).toEqual(['consent']);
  });
});
