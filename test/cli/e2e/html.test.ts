// Reports for browsers as the program writes them, and drift with what a daemon remembers.
import { expect, test } from 'vitest';
import { openHistory } from '../../../src/daemon/history/open-history.ts';
import type { Address } from '../../../src/model/address.ts';
import { dangersIn, dataOf, seenWithoutScripts } from '../../report/html.ts';
import { openWorld, STRIPE_KEY } from './world.ts';

const LEVEL = 'project:shop/deployment:production/env-var:LOG_LEVEL' as Address;
const EPOCH = { SOURCE_DATE_EPOCH: '1767323045' };

test('plan, show, apply and validate', { timeout: 60_000 }, async () => {
  await using world = await openWorld();
  const first = await world.converge(['plan', '--format', 'html', '--out', 'saved.json', '--rate', '4'], EPOCH);
  expect([first.code, first.stderr]).toEqual([0, 'reading live state\n']);
  expect(seenWithoutScripts(first.stdout)).toMatch(/ at 4 (?:requests )?a second\./);
  expect(dataOf(first.stdout)).toMatchObject({ noun: 'change', rows: [{ a: LEVEL, w: 'convex.state.yaml:9' }, {}] });
  const again = await world.converge(['plan', '--report', 'html=again.html', '--rate', '4'], EPOCH);
  expect(again.code).toBe(0);
  expect(await world.read('again.html')).toBe(first.stdout);
  const shown = await world.converge(['show', 'saved.json', '--format', 'html']);
  expect(shown.stdout).toContain('<title>Saved plan: 2 changes</title>');
  const applied = await world.converge(['apply', 'saved.json', '--report', 'html=applied.html']);
  expect(applied.code, applied.stderr).toBe(0);
  const report = await world.read('applied.html');
  expect(report).toContain('<title>Apply: 2 applied</title>');
  const refused = await world.converge(['apply', '--auto-approve', '--max-requests', '1', '--report', 'html=no.html']);
  expect(refused.code).not.toBe(0);
  const valid = await world.converge(['validate', '--format', 'html']);
  expect(valid.stdout).toContain('<title>Validation: Valid</title>');
  await world.write('convex.state.yaml', 'version: 1\nteem: "<b>"\n');
  const wrong = await world.converge(['validate', '--format', 'html']);
  expect(wrong.code).toBe(1);
  expect(seenWithoutScripts(wrong.stdout)).toMatch(/2 \| teem: /);
  const errors = await world.converge(['plan', '--report', 'html=errors.html']);
  expect(errors.code).toBe(1);
  for (const text of [
    first.stdout,
    shown.stdout,
    report,
    valid.stdout,
    wrong.stdout,
    await world.read('errors.html'),
  ]) {
    expect(dangersIn(text)).toEqual([]);
    expect(text).not.toContain(STRIPE_KEY);
  }
});

test('drift since when, from the history of a daemon that writes it', { timeout: 60_000 }, async () => {
  await using world = await openWorld();
  const history = await openHistory({
    file: world.path('history.db'),
    bounds: { ageMs: 30 * 86_400_000, bytes: 16 * 1024 * 1024 },
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    onState: () => undefined,
  });
  const seen = Date.now() - 3_600_000;
  const run = {
    session: 's',
    cause: 'schedule',
    ms: 1,
    result: 'done',
    problem: null,
    held: 0,
    origin: 'live',
  } as const;
  const difference = {
    address: LEVEL,
    kind: 'env-var',
    action: 'update',
    reason: 'differs',
    fields: ['value'],
  } as const;
  for (const [id, at, differing] of [
    [1, seen, []],
    [2, seen + 60_000, [difference]],
  ] as const)
    history.record({
      ...run,
      id,
      startedAt: at,
      requests: { reads: 1, writes: 0 },
      outcomes: [],
      found: differing,
      reading: { at, differing, equal: new Set(differing.length === 0 ? [LEVEL] : []), whole: true },
    });
  const since = new Date(seen).toISOString().replace('.000Z', 'Z');
  const argv = ['drift', '--history', 'history.db', '--report', 'html=drift.html', '--report', 'json=drift.json'];
  const text = await world.converge(argv);
  const story = await world.converge(['explain', LEVEL, '--history', 'history.db']);
  history.close();
  expect([story.code, story.stdout]).toEqual([0, expect.stringContaining(`last seen as declared at ${since}\n`)]);
  expect([text.code, text.stderr]).toEqual([2, 'reading live state\n']);
  expect(text.stdout).toContain(
    `env-var:LOG_LEVEL   (value)  unattributed: no event about it in the time of --since; as declared until ${since}\n`,
  );
  const written = JSON.parse(await world.read('drift.json')) as { readonly items: readonly unknown[] };
  expect(written.items).toEqual([
    expect.objectContaining({ address: LEVEL, since }),
    expect.not.objectContaining({ since: expect.anything() as unknown }),
  ]);
  const html = await world.read('drift.html');
  expect(dangersIn(html)).toEqual([]);
  for (const title of [
    'How much differed',
    'How long it has differed',
    'When who changed what',
    'What the document covers',
  ])
    expect(html).toContain(title);

  const none = await world.converge(['drift', '--history', 'nowhere.db']);
  expect(none.code).toBe(2);
  expect(none.stdout).toContain('warning[CVG708] the history nowhere.db cannot be read: there is no such file');
  expect(none.stdout).not.toContain('as declared until');
  expect((await world.converge(['drift', '--history', 'nowhere.db', '--suppress', 'CVG708'])).stdout).not.toContain(
    'CVG708',
  );
  expect((await world.converge(['drift', '--history', 'nowhere.db', '--warnings-as-errors'])).code).toBe(1);
});
