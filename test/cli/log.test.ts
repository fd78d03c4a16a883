import { expect, test } from 'vitest';
import { logSink, type LogOptions } from '../../src/cli/log.ts';
import { scrubberFor } from '../../src/cli/scrub.ts';
import type { Address } from '../../src/model/address.ts';
import type { RunEvent } from '../../src/model/event.ts';
import { fakeIo } from './support/fake-io.ts';

const LISTED: RunEvent = { type: 'listed', kind: 'thing', members: 3 };
const REQUEST: RunEvent = { type: 'request', method: 'GET', host: 'h', path: '/v1/x', status: 200, ms: 5, attempt: 1 };

function logged(events: readonly RunEvent[], options: Partial<LogOptions>): string {
  const io = fakeIo();
  const sink = logSink(io.stderr, {
    level: 'info',
    format: 'text',
    color: false,
    scrub: (text) => text,
    now: () => 0,
    ...options,
  });
  for (const event of events) sink(event);
  return io.err();
}

test('requests are debug, the run is info, trouble is a warning', () => {
  const failed: RunEvent = {
    type: 'change-finished',
    outcome: { address: 'thing:a' as Address, action: 'create', status: 'failed', attempts: 2 },
  };
  const all = [REQUEST, LISTED, failed];
  expect(logged(all, { level: 'debug' }).split('\n')).toHaveLength(4);
  expect(logged(all, { level: 'info' })).not.toContain('/v1/x');
  expect(logged(all, { level: 'warn' })).toBe(
    '00:00:00.000 WARN  change finished address=thing:a action=create status=failed attempts=2\n',
  );
});

test('a line of JSON for each event', () => {
  expect(JSON.parse(logged([LISTED], { format: 'json' }))).toEqual({
    level: 'info',
    time: '1970-01-01T00:00:00.000Z',
    msg: 'listed',
    kind: 'thing',
    members: 3,
  });
});

test.each(['text', 'json'] as const)('credentials of the environment never get into %s', (format) => {
  const scrub = scrubberFor({
    CONVEX_TEAM_ACCESS_TOKEN: 'a "quoted" token',
    STRIPE_KEY: 'sk_live_abcdefgh1234',
    HOME: '/home/me',
  });
  const event: RunEvent = { ...REQUEST, path: '/home/me/a "quoted" token/sk_live_abcdefgh1234' };
  const text = logged([event], { format, level: 'debug', scrub });
  expect(text).toContain('/home/me/[secret]/[secret]');
  expect(text).not.toMatch(/quoted|sk_live/);
});
