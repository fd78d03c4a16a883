// Writes that nobody answered for: reading decides, and what may not happen twice is never sent twice.
import { describe, expect, it } from 'vitest';
import { PlatformError, type PlatformErrorCode } from '../../src/model/error.ts';
import { Secret } from '../../src/model/secret.ts';
import { desire } from './desired.ts';
import { put, type Memory } from './memory-provider.ts';
import { applyOn, brief, change, fates, living, planOn, remove, virtualClock, writes } from './run.ts';

const unknown = () => new PlatformError('timeout', 'no reply', { executed: 'unknown', retryable: false });
const refused = (code: PlatformErrorCode) =>
  new PlatformError(code, `the platform says ${code}`, { executed: 'no', retryable: false });
const site = desire({ a: {} });
const signed = desire({ a: { machines: { m: { signs: { x: 'left' } } } } });

/** The first call that begins like this commits, or not, and has no answer. */
function unanswered(memory: Memory, call: string, commit: () => void = () => undefined): void {
  let met = false;
  memory.onCall = (name) => {
    if (met || !name.startsWith(call)) return;
    met = true;
    commit();
    throw unknown();
  };
}

describe('a create that nobody answered for', () => {
  it('is found although the list lags behind', async () => {
    const memory = living({});
    let looks = 0;
    unanswered(memory, 'create a', () => undefined);
    const met = memory.onCall.bind(memory);
    memory.onCall = (call) => {
      if (call === 'list site all' && writes(memory).length > 0 && ++looks === 5)
        put(memory, 'site', null, { id: 'a', title: 'a' });
      met(call);
    };
    expect(await applyOn(memory, site)).toMatchObject([{ status: 'succeeded', attempts: 1 }]);
    expect(writes(memory)).toEqual(['create a']);
  });

  it('is known by what else it was made with, where the platform chose another key, and gets its key', async () => {
    const memory = living({});
    unanswered(memory, 'create a', () => put(memory, 'site', null, { id: 'a-1', title: 'a' }));
    expect(await applyOn(memory, site)).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
    expect(writes(memory)).toEqual(['create a', 'update site-a-1 id']);
    expect(brief(await planOn(memory, site))).toEqual([]);
  });

  it('is not taken for one that was there before', async () => {
    const memory = living({});
    put(memory, 'site', null, { id: 'theirs', title: 'a' });
    unanswered(memory, 'create a');
    expect(await applyOn(memory, site)).toMatchObject([
      { status: 'uncertain', because: 'nothing called a has appeared' },
    ]);
    expect(writes(memory)).toEqual(['create a']);
  });

  it('stops where two could be it, and names both', async () => {
    const memory = living({});
    unanswered(memory, 'create a', () => {
      put(memory, 'site', null, { id: 'a', title: 'a' });
      put(memory, 'site', null, { id: 'a-1', title: 'a' });
    });
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { size: 'dev' } } } }));
    expect(fates(outcomes)).toEqual(['a uncertain timeout', 'a/m blocked']);
    expect(outcomes[0]?.because).toBe('more than one could be what was made: a (id site-a), a-1 (id site-a-1)');
    expect(writes(memory)).toEqual(['create a']);
  });

  it('is sent again where its key makes a second one impossible', async () => {
    const memory = living({ a: { m: {} } });
    unanswered(memory, 'create x');
    const clock = virtualClock();
    expect(await applyOn(memory, signed, { clock })).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
    expect(writes(memory)).toEqual(['create x', 'create x']);
    expect(clock.now()).toBeLessThan(5_000);
  });

  it('and happened late is found when the second one is refused', async () => {
    const memory = living({ a: { m: {} } });
    let sent = 0;
    memory.onCall = (call) => {
      if (call !== 'create x') return;
      sent += 1;
      if (sent === 1) throw unknown();
      put(memory, 'sign', 'machine-m', { id: 'x', side: 'left' });
      throw refused('conflict');
    };
    expect(await applyOn(memory, signed)).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
    expect(memory.items.filter(({ kind }) => kind === 'sign')).toHaveLength(1);
  });

  it('is uncertain after 30 seconds and few requests', async () => {
    const memory = living({ a: { m: {} } });
    memory.onCall = (call) => {
      if (call === 'create x') throw unknown();
    };
    const clock = virtualClock();
    expect(await applyOn(memory, signed, { clock })).toMatchObject([{ status: 'uncertain', attempts: 3 }]);
    expect(clock.now()).toBeGreaterThan(20_000);
    expect(clock.now()).toBeLessThanOrEqual(30_000);
    expect(memory.calls.length).toBeLessThan(25);
  });
});

describe('a create that is refused because the key is taken', () => {
  const taken = (memory: Memory, side: string) => {
    memory.onCall = (call) => {
      if (call !== 'create x') return;
      put(memory, 'sign', 'machine-m', { id: 'x', side });
      throw refused('conflict');
    };
  };

  it('has what was wanted, where what took it is as desired', async () => {
    const memory = living({ a: { m: {} } });
    taken(memory, 'left');
    expect(await applyOn(memory, signed)).toMatchObject([{ status: 'succeeded', attempts: 1 }]);
  });

  it('is stale where it is not', async () => {
    const memory = living({ a: { m: {} } });
    taken(memory, 'right');
    expect(fates(await applyOn(memory, signed))).toEqual(['a/m/x failed stale']);
  });

  it('stays refused where nothing is seen of what took it', async () => {
    const memory = living({ a: { m: {} } });
    memory.onCall = (call) => {
      if (call === 'create x') throw refused('conflict');
    };
    expect(fates(await applyOn(memory, signed))).toEqual(['a/m/x failed conflict']);
  });
});

describe('a create that comes out under another key', () => {
  it('is a lost race where it cannot get the one it was asked for: the stray is named and left alone', async () => {
    const memory = living({});
    unanswered(memory, 'create a', () => put(memory, 'site', null, { id: 'a-1', title: 'a' }));
    const met = memory.onCall.bind(memory);
    memory.onCall = (call) => {
      met(call);
      if (call.startsWith('update')) throw refused('conflict');
    };
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { size: 'dev' } } } }));
    expect(fates(outcomes)).toEqual(['a failed lost-race', 'a/m blocked']);
    expect(outcomes[0]?.error?.message).toBe(
      'something else has taken the key a; the site with id site-a-1 that was made keeps the key a-1 and is left alone',
    );
    expect(memory.items.map(({ id }) => id)).toEqual(['site-a-1']);
  });
});

describe('other writes that nobody answered for', () => {
  it.each([
    ['an update', { a: { machines: { m: { size: 'big' } } } }, 'update machine-m size'],
    ['a batch', { a: { machines: { m: { settings: { X: 'new' } } } } }, 'write machine-m +1 -0'],
  ])('%s is sent again once it is seen that nothing has happened', async (_what, entries, call) => {
    const memory = living({ a: { m: { settings: { X: 'old' } } } });
    unanswered(memory, call);
    const outcomes = await applyOn(memory, desire(entries));
    expect(outcomes).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
    expect(writes(memory)).toEqual([call, call]);
  });

  it('a deletion too', async () => {
    const memory = living({ a: { m: {}, n: {} } });
    unanswered(memory, 'delete machine-m');
    const outcomes = await applyOn(memory, desire({ a: { machines: { n: {} } } }, { prune: ['machines'] }));
    expect(outcomes).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
  });

  it('a batch of which a part is as asked is sent again without that part', async () => {
    const memory = living({ a: { m: { settings: { X: 'old', Y: 'old' } } } });
    unanswered(memory, 'write', () => change(memory, 'setting-X', { value: new Secret('new') }));
    await applyOn(memory, desire({ a: { machines: { m: { settings: { X: 'new', Y: 'new' } } } } }));
    expect(writes(memory)).toEqual(['write machine-m +2 -0', 'write machine-m +1 -0']);
  });

  it('are not sent again over what somebody else has written since', async () => {
    const memory = living({ a: { m: { settings: { X: 'old' } } } });
    unanswered(memory, 'write', () => change(memory, 'setting-X', { value: new Secret('somebody’s') }));
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { settings: { X: 'new' } } } } }));
    expect(outcomes).toMatchObject([{ status: 'uncertain', attempts: 1 }]);
    expect(writes(memory)).toHaveLength(1);
  });

  it('to something that is gone by then are stale', async () => {
    const memory = living({ a: { m: { size: 'dev' } } });
    unanswered(memory, 'update', () => remove(memory, 'machine-m'));
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { size: 'big' } } } }));
    expect(fates(outcomes)).toEqual(['a/m failed stale']);
  });
});

describe('being told to give up', () => {
  it('while it is read whether a write has happened leaves that uncertain, and sends nothing more', async () => {
    const memory = living({ a: { m: { settings: { X: 'old' } } } });
    const abort = new AbortController();
    unanswered(memory, 'write');
    const met = memory.onCall.bind(memory);
    memory.onCall = (call) => {
      if (call.startsWith('list') && writes(memory).length > 0) abort.abort();
      met(call);
    };
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { settings: { X: 'new' } } } } }), {
      abort: abort.signal,
    });
    expect(outcomes).toMatchObject([{ status: 'uncertain', because: 'interrupted before it could be read again' }]);
    expect(writes(memory)).toHaveLength(1);
  });

  it('before anything was sent cancels', async () => {
    const memory = living({ a: { m: { settings: { X: 'old' } } } });
    const outcomes = await applyOn(memory, desire({ a: { machines: { m: { settings: { X: 'new' } } } } }), {
      meanwhile: () => {
        memory.onCall = () => {
          throw refused('aborted');
        };
      },
    });
    expect(outcomes).toMatchObject([{ status: 'cancelled', attempts: 0, because: 'interrupted before it was sent' }]);
  });
});
