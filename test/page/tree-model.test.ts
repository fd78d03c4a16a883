import { describe, expect, test } from 'vitest';
import { headline, standingOf, worstOf } from '../../src/page/standing.js';
import { buildTree, isIn, leavesOf, rowsOf } from '../../src/page/tree-model.js';
import type { Change, Pulse, StatusDocument, TreeNode } from '../../src/page/documents.d.ts';

const READ = '2026-11-20T10:00:18.000Z';
const node = (address: string, counts: TreeNode['counts'] = {}, status: TreeNode['status'] = 'in-sync'): TreeNode => {
  const cut = address.lastIndexOf('/');
  const last = address.slice(cut + 1);
  const [kind = '', label = ''] = last.split(':');
  return { address, parent: cut === -1 ? null : address.slice(0, cut), kind, label, status, counts, readAt: READ };
};
const change = (address: string, because: string | null = null): Change => ({
  address,
  kind: 'setting',
  action: 'update',
  reason: 'differs',
  fields: ['value'],
  held: because === null ? null : { because, why: 'why' },
});

const NODES = [
  node('site:b', {}, 'unmanaged'),
  node('site:a'),
  node('site:a/machine:m10', { 'in-sync': 4 }),
  node('site:a/machine:m2', { 'in-sync': 3, differs: 2 }, 'differs'),
];
const CHANGES = [
  change('site:a/machine:m2'),
  change('site:a/machine:m2/setting:X', 'stalled'),
  change('site:a/machine:m2/setting:Y'),
];
const NOTHING_CHOSEN = { expanded: new Set<string>(), query: '', only: null } as const;

describe('the tree', () => {
  test('a thing is as old as the oldest reading of what it contains', () => {
    const older = '2026-11-20T09:55:00.000Z';
    const nodes = NODES.map((one) =>
      one.address.endsWith('m10')
        ? { ...one, readAt: older }
        : one.address === 'site:b'
          ? { ...one, readAt: null }
          : one,
    );
    const { byAddress } = buildTree(nodes, [], 'apply');
    expect(['site:a', 'site:a/machine:m2', 'site:b'].map((address) => byAddress.get(address)?.readAt)).toEqual([
      Date.parse(older),
      Date.parse(READ),
      null,
    ]);
  });
  test('what differs is told by why it does, and is summed upwards', () => {
    const { byAddress, total } = buildTree(NODES, CHANGES, 'apply');
    expect(byAddress.get('site:a/machine:m2')?.own).toEqual({ stalled: 1, healing: 2, 'in-sync': 3 });
    expect(byAddress.get('site:a')?.total).toEqual({ stalled: 1, healing: 2, 'in-sync': 9 });
    expect(total).toEqual({ stalled: 1, healing: 2, unmanaged: 1, 'in-sync': 9 });
  });

  test('what differs and has no change yet, read a moment apart, still differs', () => {
    expect(buildTree(NODES, [], 'apply').byAddress.get('site:a/machine:m2')?.own).toEqual({ differs: 3, 'in-sync': 3 });
  });

  test('siblings are in the order of people; what is closed shows nothing of what is in it', () => {
    const model = buildTree(NODES, [], 'apply');
    const open = rowsOf(model, { ...NOTHING_CHOSEN, expanded: new Set(['site:a']) });
    expect(
      open.map(({ item, level, position, siblings, expanded }) => [item.label, level, position, siblings, expanded]),
    ).toEqual([
      ['a', 1, 1, 2, true],
      ['m2', 2, 1, 2, null],
      ['m10', 2, 2, 2, null],
      ['b', 1, 2, 2, null],
    ]);
    expect(rowsOf(model, NOTHING_CHOSEN).map(({ item }) => item.label)).toEqual(['a', 'b']);
    expect(leavesOf(model).map(({ label }) => label)).toEqual(['m2', 'm10', 'b']);
  });

  test('a search opens what it finds, with what leads there', () => {
    const model = buildTree(NODES, CHANGES, 'apply');
    const found = (query: string): readonly string[] =>
      rowsOf(model, { ...NOTHING_CHOSEN, query }).map(({ item }) => item.address);
    expect(found('M10')).toEqual(['site:a', 'site:a/machine:m10']);
    expect(found('nowhere')).toEqual([]);
    const stalled = rowsOf(model, { ...NOTHING_CHOSEN, only: 'stalled' });
    expect(stalled.map(({ item }) => item.address)).toEqual(['site:a', 'site:a/machine:m2']);
    // A container that is found is shown with everything in it.
    expect(found('site:b')).toEqual(['site:b']);
  });

  test('a node whose container is not there is not lost', () => {
    const model = buildTree([node('site:gone/machine:m')], [], 'apply');
    expect(model.roots.map(({ address }) => address)).toEqual(['site:gone/machine:m']);
  });

  test('ten thousand of them are built and laid out in well under a second', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => node(`site:a/machine:m${index}`, { 'in-sync': 9 }));
    const from = performance.now();
    const model = buildTree([node('site:a'), ...many], [], 'apply');
    expect(rowsOf(model, { ...NOTHING_CHOSEN, expanded: new Set(['site:a']) })).toHaveLength(10_001);
    expect(performance.now() - from).toBeLessThan(1_000);
  });
});

test.each([
  [null, 'apply', 'healing'],
  [null, 'observe', 'differs'],
  ['stalled', 'apply', 'stalled'],
  ['suspended', 'apply', 'suspended'],
  ['paused', 'apply', 'paused'],
  ['observed', 'apply', 'differs'],
  ['refused', 'apply', 'held'],
  ['a word of a later version', 'apply', 'held'],
])('held because %s in mode %s: %s', (because, mode, standing) => {
  expect(standingOf(change('a:b', because), mode)).toBe(standing);
});

test('an address is in itself and in what it starts with, never in what its text starts with', () => {
  expect([isIn('a:b/c:d', 'a:b'), isIn('a:b', 'a:b'), isIn('a:bc', 'a:b'), isIn('a:b', null)]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

describe('the word over everything', () => {
  const pulse: Pulse = {
    phase: 'waiting',
    sync: 'in-sync',
    ready: true,
    reason: null,
    observedAt: '2026-11-20T10:00:00.000Z',
    current: true,
  };
  const status = { lastRun: null } as StatusDocument;
  const said = (part: object, connected = true, total = {}): string =>
    headline({ status, pulse: { ...pulse, ...part }, connected, total }).word;

  test('in sync is said of a fresh reading on a living line, and of nothing else', () => {
    expect(said({})).toBe('In sync');
    expect(said({}, false)).toBe('Unknown');
    expect(said({ sync: 'unknown' })).toBe('Unknown');
    expect(said({ sync: 'a later word' })).toBe('Unknown');
    const after = (result: string): StatusDocument => ({ lastRun: { result } }) as unknown as StatusDocument;
    const unready = { ...pulse, sync: 'unknown', ready: false };
    expect(
      ['invalid', 'failed', 'interrupted'].map(
        (result) => headline({ status: after(result), pulse: unready, connected: true, total: {} }).word,
      ),
    ).toEqual(['Invalid document', 'Run failed', 'Unknown']);
    expect(said({ observedAt: null, sync: 'unknown' })).toBe('First look');
    expect(headline({ status: null, pulse: null, connected: true, total: { 'in-sync': 3 } }).word).toBe('Waiting');
  });

  test('what is suspended is never in sync, and who stands by says so', () => {
    const team = (of: boolean): StatusDocument =>
      ({ lastRun: null, suspended: { team: of, addresses: [] } }) as unknown as StatusDocument;
    const suspended = { ...pulse, sync: 'suspended' };
    const word = (one: StatusDocument): string =>
      headline({ status: one, pulse: suspended, connected: true, total: { 'in-sync': 3 } }).word;
    expect([word(team(true)), word(team(false))]).toEqual(['Suspended', 'Partly suspended']);
    const replica = { lastRun: null, replica: { role: 'follower', leader: 'other' } } as unknown as StatusDocument;
    expect(word(replica)).toBe('Standing by');
  });

  test('what nobody declared does not hide that the rest is in sync', () => {
    expect(worstOf({ 'in-sync': 3, unmanaged: 1 })).toBe('in-sync');
    expect(worstOf({ unmanaged: 1 })).toBe('unmanaged');
    expect(worstOf({ 'in-sync': 3, suspended: 1 })).toBe('suspended');
  });

  test('else how many differ, in the color of the worst', () => {
    expect(said({ sync: 'differs' }, true, { differs: 1, 'in-sync': 5 })).toBe('1 differs');
    expect(said({ sync: 'differs' }, true, { healing: 2 })).toBe('Healing');
    expect(said({ sync: 'differs' }, true, { 'in-sync': 5 })).toBe('Differs');
    expect(
      headline({ status, pulse: { ...pulse, sync: 'differs' }, connected: true, total: { held: 1, healing: 1200 } }),
    ).toEqual({ standing: 'held', word: '1,201 differ' });
  });
});
