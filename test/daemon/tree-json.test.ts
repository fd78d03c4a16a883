import { expect, test } from 'vitest';
import { isCurrent, pulseOf } from '../../src/daemon/pulse.ts';
import { openTree } from '../../src/daemon/tree-json.ts';
import { NOW, ROUND, STATUS, VIEW } from './statuses.ts';

test('the tree, and a tag that says whether it is another one', () => {
  const tree = openTree();
  const { etag, body } = tree(VIEW);
  expect(JSON.parse(body)).toEqual({
    kind: 'tree',
    formatVersion: '1.0',
    observedAt: '2026-11-20T10:00:18.000Z',
    nodes: [
      {
        address: 'site:a',
        parent: null,
        kind: 'site',
        label: 'a',
        status: null,
        counts: {},
        readAt: '2026-11-20T10:00:26.000Z',
      },
      {
        address: 'site:a/machine:m',
        parent: 'site:a',
        kind: 'machine',
        label: 'm',
        status: 'differs',
        counts: { differs: 1, 'in-sync': 3, unmanaged: 1 },
        readAt: '2026-11-20T10:00:18.000Z',
      },
    ],
  });
  // Nothing of it was read again.
  expect(tree({ ...VIEW, observedAt: NOW }).etag).toBe(etag);
  expect(tree({ ...VIEW, tree: VIEW.tree.map((node) => ({ ...node, readAt: NOW })) }).etag).not.toBe(etag);
  expect(tree({ ...VIEW, tree: VIEW.tree.slice(1) }).etag).not.toBe(etag);
  expect(JSON.parse(tree(null).body)).toMatchObject({ observedAt: null, nodes: [] });
});

test('what was read of each thing holds while it is of the last run, and young', () => {
  expect(isCurrent(STATUS, NOW)).toBe(true);
  expect(isCurrent(STATUS, STATUS.freshUntil + 1)).toBe(false);
  expect(isCurrent({ ...STATUS, round: { ...ROUND, result: 'invalid', view: null } }, NOW)).toBe(false);
  expect(isCurrent({ ...STATUS, round: null, view: null }, NOW)).toBe(false);
  // With holes: not in sync as a whole, and what was read was read.
  const holes = { ...STATUS, round: { ...ROUND, result: 'failed' as const, problem: 'a part could not be read' } };
  expect(pulseOf(holes, NOW, 'W/"x"')).toEqual({
    phase: 'waiting',
    sync: 'unknown',
    ready: false,
    reason: 'a part could not be read',
    observedAt: '2026-11-20T10:00:18.000Z',
    current: true,
    run: 7,
    tree: 'W/"x"',
  });
});
