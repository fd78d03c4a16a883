import { describe, expect, it } from 'vitest';
import { PlatformError, type PlatformErrorCode } from '../../src/model/error.ts';
import { Secret } from '../../src/model/secret.ts';
import { desire } from './desired.ts';
import { put } from './memory-provider.ts';
import { applyOn, brief, living, planOn, remove, short } from './run.ts';

const refused = (code: PlatformErrorCode): PlatformError =>
  new PlatformError(code, `the platform says ${code}`, { executed: 'no', retryable: false });
const unknown = new PlatformError('timeout', 'no reply', { executed: 'unknown', retryable: false });

/** Throws `error` at the first call that matches. */
function failOnce(memory: ReturnType<typeof living>, call: string, error: Error): void {
  let failed = false;
  memory.onCall = (name) => {
    if (failed || !name.startsWith(call)) return;
    failed = true;
    throw error;
  };
}

const two = desire({
  a: { machines: { m: { size: 'dev', settings: { X: '1' } }, n: { size: 'dev', settings: { Y: '1' } } } },
});

describe('order', () => {
  it('makes containers before contents', async () => {
    const memory = living({});
    const outcomes = await applyOn(memory, two, { concurrency: 8 });
    expect(outcomes.every(({ status }) => status === 'succeeded')).toBe(true);
    const at = (call: string): number => memory.calls.indexOf(call);
    expect(at('create a')).toBeLessThan(at('create m'));
    expect(at('create m')).toBeLessThan(at('write machine-m +1 -0'));
    expect(brief(await planOn(memory, two))).toEqual([]);
  });

  it('replaces by deleting first, and then makes every declared child again', async () => {
    const memory = living({ a: { m: { zone: 'us', settings: { X: '1' } } } });
    const desired = desire({ a: { machines: { m: { size: 'dev', zone: 'eu', settings: { X: '1' } } } } });
    const outcomes = await applyOn(memory, desired);
    expect(memory.calls.filter((call) => !call.startsWith('list'))).toEqual([
      'delete machine-m',
      'create m',
      'write machine-m +1 -0',
    ]);
    expect(outcomes.map(({ action, status, attempts }) => [action, status, attempts])).toEqual([
      ['replace', 'succeeded', 2],
      ['create', 'succeeded', 1],
    ]);
    expect(brief(await planOn(memory, desired))).toEqual([]);
  });

  it('writes all members of one container in one request', async () => {
    const memory = living({ a: { m: { settings: { OLD: '1', X: '1', KEEP: '1' } } } });
    await applyOn(memory, desire({ a: { machines: { m: { settings: { X: '2', NEW: '1', OLD: null } } } } }));
    expect(memory.calls.filter((call) => call.startsWith('write'))).toEqual(['write machine-m +2 -1']);
    expect(memory.items.filter(({ kind }) => kind === 'setting').map(({ spec }) => spec['name'])).toEqual([
      'KEEP',
      'NEW',
      'X',
    ]);
  });
});

describe('what a new container is born with', () => {
  it('is read once, and only real differences are written', async () => {
    const memory = living({ a: {} });
    memory.onCall = (call) => {
      if (call !== 'list setting machine-m') return;
      put(memory, 'setting', 'machine-m', { name: 'SAME', value: new Secret('1') });
      put(memory, 'setting', 'machine-m', { name: 'OTHER', value: new Secret('x') });
    };
    const settings = { SAME: '1', OTHER: '2', NEW: '3' };
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { size: 'dev', settings } } } }));
    expect(memory.calls.slice(3)).toEqual(['create m', 'list setting machine-m', 'write machine-m +2 -0']);
    expect(outcomes.every(({ status }) => status === 'succeeded')).toBe(true);
  });

  it('writes nothing when everything is there already', async () => {
    const memory = living({ a: {} });
    memory.onCall = (call) => {
      if (call === 'list setting machine-m')
        put(memory, 'setting', 'machine-m', { name: 'SAME', value: new Secret('1') });
    };
    await applyOn(memory, desire({ a: { machines: { m: { size: 'dev', settings: { SAME: '1' } } } } }));
    expect(memory.calls.some((call) => call.startsWith('write'))).toBe(false);
  });
});

describe('what is declared absent in a new container', () => {
  it.each([
    ['beside others', { LEFT: '1', GONE: null, NEVER: null }, 'write machine-m +1 -1'],
    ['alone', { GONE: null, NEVER: null }, 'write machine-m +0 -1'],
  ])('%s goes in the same batch where it is born with it', async (_how, settings, call) => {
    const memory = living({ a: {} });
    memory.onCall = (name) => {
      if (name === 'list setting machine-m' && !memory.items.some(({ kind }) => kind === 'setting'))
        put(memory, 'setting', 'machine-m', { name: 'GONE', value: new Secret('1') });
    };
    const desired = desire({ a: { machines: { m: { size: 'dev', settings } } } });
    await applyOn(memory, desired);
    expect(memory.calls.at(-1)).toBe(call);
  });
});

describe('failures', () => {
  it('go no further than what depends on them', async () => {
    const memory = living({});
    failOnce(memory, 'create m', refused('quota'));
    const outcomes = await applyOn(memory, two);
    expect(outcomes.map(({ address, status }) => [short(address), status])).toEqual([
      ['a', 'succeeded'],
      ['a/m', 'failed'],
      ['a/m/X', 'blocked'],
      ['a/n', 'succeeded'],
      ['a/n/Y', 'succeeded'],
    ]);
    expect(outcomes[1]?.error).toEqual({ code: 'quota', message: 'the platform says quota' });
    expect(outcomes[2]?.because).toContain('site:a/machine:m');
    expect(brief(await planOn(memory, two))).toEqual(['+ a/m', '+ a/m/X']);
  });

  it('of an update do not stand in the way of contents', async () => {
    const memory = living({ a: { m: { settings: {} } } });
    failOnce(memory, 'update machine-m', refused('forbidden'));
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { size: 'big', settings: { X: '1' } } } } }));
    expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  });

  it('of a deletion leave a replacement undone', async () => {
    const memory = living({ a: { m: { zone: 'us' } } });
    failOnce(memory, 'delete', refused('forbidden'));
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { zone: 'eu', size: 'dev' } } } }));
    expect(outcomes.map(({ status }) => status)).toEqual(['failed']);
    expect(memory.calls.some((call) => call.startsWith('create'))).toBe(false);
  });

  it.each([
    ['what is gone already are no failures', true, ['succeeded']],
    ['what is there are failures, whatever the platform says', false, ['failed']],
  ])('to delete %s', async (_what, isGone, statuses) => {
    const memory = living({ a: { m: {}, n: {} } });
    memory.onCall = (call) => {
      if (!call.startsWith('delete')) return;
      if (isGone) remove(memory, 'machine-m');
      throw refused('not-found');
    };
    const outcomes = await applyOn(memory, desire({ a: { machines: { n: {} } } }, { prune: ['machines'] }));
    expect(outcomes.map(({ status }) => status)).toEqual(statuses);
  });

  it('that are bugs are thrown, not reported as outcomes', async () => {
    const memory = living({});
    failOnce(memory, 'create a', new TypeError('a bug'));
    await expect(applyOn(memory, two)).rejects.toThrow('a bug');
  });
});

describe('a replacement', () => {
  it('says that the old one is gone when the new one could not be made', async () => {
    const memory = living({ a: { m: { zone: 'us' } } });
    failOnce(memory, 'create m', refused('quota'));
    const [outcome] = await applyOn(memory, desire({ a: { machines: { m: { zone: 'eu', size: 'dev' } } } }));
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'quota' },
      because: 'the old one is deleted, the new one is not made',
    });
  });

  it('keeps what the entry does not mention', async () => {
    const memory = living({ a: { m: { zone: 'us', size: 'big', main: true } } });
    await applyOn(memory, desire({ a: { machines: { m: { zone: 'eu', size: 'big' } } } }));
    expect(memory.items.find(({ kind }) => kind === 'machine')?.spec).toMatchObject({
      id: 'm',
      zone: 'eu',
      size: 'big',
      main: true,
    });
  });
});

describe('unknown outcomes', () => {
  it('of a create are settled by reading: it had happened', async () => {
    const memory = living({ a: {} });
    memory.onCall = (call) => {
      if (call !== 'create m') return;
      put(memory, 'machine', 'site-a', { id: 'm', size: 'dev' });
      throw unknown;
    };
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { size: 'dev' } } } }));
    expect(outcomes).toMatchObject([{ status: 'succeeded', attempts: 1 }]);
    expect(memory.items.filter(({ kind }) => kind === 'machine')).toHaveLength(1);
  });

  it('of a create that never shows are uncertain, and the create is never sent again', async () => {
    const memory = living({ a: {} });
    failOnce(memory, 'create m', unknown);
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { size: 'dev', settings: { X: '1' } } } } }));
    expect(outcomes.map(({ status }) => status)).toEqual(['uncertain', 'blocked']);
    expect(outcomes[0]?.because).toContain('m');
    expect(memory.calls.filter((call) => call === 'create m')).toHaveLength(1);
    expect(memory.calls.filter((call) => call.startsWith('list machine')).length).toBeGreaterThan(3);
  });

  it('of an update, a deletion and a batch are settled by reading', async () => {
    const memory = living({ a: { m: { settings: { OLD: '1' } }, n: {} } });
    memory.onCall = (call) => {
      const change = (id: string, spec: object): void => {
        memory.items = memory.items.map((item) =>
          item.id === id ? { ...item, spec: { ...item.spec, ...spec } } : item,
        );
      };
      if (call.startsWith('list')) return;
      if (call.startsWith('update')) change('machine-m', { size: 'big' });
      if (call.startsWith('delete')) memory.items = memory.items.filter(({ id }) => id !== 'machine-n');
      if (call.startsWith('write')) change('setting-OLD', { value: new Secret('2') });
      throw unknown;
    };
    const desired = desire(
      { a: { machines: { m: { size: 'big', settings: { OLD: '2' } } } } },
      { prune: ['machines'] },
    );
    const outcomes = await applyOn(memory, desired);
    expect(outcomes.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('are uncertain when nothing can be read', async () => {
    const memory = living({ a: { m: { settings: { OLD: '1' } } } });
    let written = false;
    memory.onCall = (call) => {
      if (call.startsWith('write')) written = true;
      if (written) throw call.startsWith('list') ? refused('unavailable') : unknown;
    };
    const desired = desire({ a: { machines: { m: { settings: { OLD: '2' } } } } });
    await expect(applyOn(memory, desired)).resolves.toMatchObject([{ status: 'uncertain' }]);
  });
});

describe('being told to stop', () => {
  it('finishes what runs, starts nothing more, and gives everything an outcome', async () => {
    const memory = living({});
    const drain = new AbortController();
    memory.onCall = (call) => {
      if (call === 'create m') drain.abort();
    };
    const outcomes = await applyOn(memory, two, { concurrency: 1, drain: drain.signal });
    expect(outcomes.map(({ address, status }) => [short(address), status])).toEqual([
      ['a', 'succeeded'],
      ['a/m', 'succeeded'],
      ['a/m/X', 'cancelled'],
      ['a/n', 'cancelled'],
      ['a/n/Y', 'cancelled'],
    ]);
  });

  it('marks what was in flight as uncertain when aborted', async () => {
    const memory = living({ a: {} });
    const abort = new AbortController();
    memory.onCall = (call) => {
      if (call !== 'create m') return;
      abort.abort();
      throw new PlatformError('aborted', 'given up', { executed: 'unknown', retryable: false });
    };
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { size: 'dev' } } } }), {
      abort: abort.signal,
      drain: abort.signal,
    });
    expect(outcomes).toMatchObject([{ status: 'uncertain' }]);
  });
});
