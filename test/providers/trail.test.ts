import { expect, test } from 'vitest';
import type { LogReading, LogRequest } from '../../src/model/trail.ts';
import { API, liveDeployment, never, page, refused, T0 } from './official.ts';
import { wired } from './wired.ts';

const wire = wired();
const TEAM_LOG = `${API}/teams/41/list_audit_log_events`;
const MEMBERS = `${API}/teams/41/list_members`;
const OWN_LOG = 'https://happy-otter-123.convex.cloud/api/v1/list_audit_log_events';

const trail = () => {
  const { trail: found } = wire.opened.provider;
  if (found === undefined) throw new Error('no trail');
  return found;
};
const request: LogRequest = { from: T0, to: T0 + 1, signal: never, mayAsk: () => null };
const eventsOf = (reading: LogReading) => {
  if (reading.type !== 'read') throw new Error(reading.why);
  return reading.events;
};
const event = (more: object) => ({
  teamId: 41,
  actor: { kind: 'system' },
  action: 'project:update',
  createTime: T0,
  metadata: {},
  ...more,
});

test('actors, programs and addresses of events', async () => {
  await wire.identified(
    wire.net.on(
      'get',
      TEAM_LOG,
      page([
        event({
          actor: { kind: 'member', member_id: 8 },
          clientUserAgent: 'Mozilla/5.0 (Macintosh)',
          clientIp: '192.0.2.1',
        }),
        event({
          actor: { kind: 'token', token_id: 5, member_id: 8, client_id: null },
          clientUserAgent: 'npm-cli-1.31.0',
        }),
        event({ actor: { kind: 'token', token_id: 6 }, clientUserAgent: 'converge/0.1.0' }),
        event({ actor: { kind: 'integration', client_id: 'c-1' }, clientUserAgent: 'terraform' }),
        event({ metadata: null, clientUserAgent: null }),
      ]),
    ),
  );
  const events = eventsOf(await trail().ofTeam(request));
  expect(events.map(({ actor, via, byUs, ip }) => [actor.kind, actor.id, via, byUs, ip])).toEqual([
    ['member', 8, 'dashboard', false, '192.0.2.1'],
    ['token', 5, 'CLI', false, null],
    ['token', 6, 'API', true, null],
    ['integration', 'c-1', 'API', false, null],
    ['system', null, null, false, null],
  ]);
});

test('names of members where the token may list them, none where not', async () => {
  const members = {
    items: [
      { id: 7, name: 'Ada', email: 'ada@acme.com', role: 'admin' },
      { id: 8, email: 'g@acme.com', role: 'custom' },
    ],
  };
  await wire.identified(wire.net.on('get', MEMBERS, members));
  expect([...(await trail().memberNames(never))]).toEqual([
    [7, 'Ada'],
    [8, 'g@acme.com'],
  ]);
});

test.each([
  ['refused', refused(403, 'OperationNotPermitted', 'No.')],
  ['nonsense', { items: [{ id: 'x', name: 'Ada' }] }],
])('members: %s is no failure', async (_, reply) => {
  await wire.identified(wire.net.on('get', MEMBERS, reply));
  expect([...(await trail().memberNames(never))]).toEqual([]);
});

test.each([
  ['no permission', refused(403, 'AuditLogsDisabled', 'Not on this plan.'), 'Not on this plan.'],
  ['nonsense', page([{ action: 7 }]), 'events.items[0]'],
])('a log: %s is said', async (_, reply, why) => {
  await wire.identified(wire.net.on('get', OWN_LOG, reply));
  const reading = await trail().ofContainer(liveDeployment(wire.opened), request);
  expect(reading).toEqual({ type: 'unreadable', why: expect.stringContaining(why) as unknown });
});

test('pages that repeat a cursor end, and the log counts as cut', async () => {
  const same = page([event({})], 'again');
  await wire.identified(wire.net.on('get', OWN_LOG, same, same));
  const reading = await trail().ofContainer(liveDeployment(wire.opened), request);
  expect(reading).toMatchObject({ type: 'read', ordered: true, cut: 'its pages do not go on' });
  expect(wire.net.seen.filter(({ url }) => url.startsWith(OWN_LOG))).toHaveLength(2);
});
