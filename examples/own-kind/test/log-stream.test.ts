import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { apply, drift, dump, plan, schema, validate, type Options } from 'convex-converge';
import { logStream } from '../log-stream.ts';
import { openPlatform, SIGNS, type Platform, type Stream } from './platform.ts';

const ADDRESS = 'project:shop/deployment:production/log-stream:webhook';

let platform: Platform;
let options: Options;

before(async () => {
  platform = await openPlatform();
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  options = { kinds: [logStream], cwd, env: {}, apiUrl: platform.url, token: 'sandbox-own-kind' };
});

after(() => platform[Symbol.asyncDispose]());

/** What is live, behind Converge's back: all of it is in one deployment here. */
function live(): readonly Stream[] {
  return [...platform.streams.values()].flat();
}

/** As if somebody had used the dashboard. */
function put(streams: readonly Stream[]): void {
  const [deployment] = platform.streams.keys();
  assert(deployment !== undefined);
  platform.streams.set(deployment, [...streams]);
}

test('the document may say it, and is checked', async () => {
  assert.deepEqual((await validate(options)).declared, { project: 1, deployment: 1, 'log-stream': 1 });
  const { diagnostics } = await validate({ ...options, kinds: [] });
  assert.match(diagnostics.map(({ summary }) => summary).join(), /logStreams/);
  assert.match(JSON.stringify(schema(options)), /Where the logs of the deployment are sent/);
});

test('it is created, and then there is nothing to do', async () => {
  const planned = await plan(options);
  assert(planned.type === 'planned', JSON.stringify(planned));
  assert.deepEqual(
    planned.plan.changes.map(({ action, address }) => `${action} ${address}`),
    [`create ${ADDRESS}`],
  );
  const applied = await apply({ ...options, saved: planned.saved });
  assert(applied.type === 'applied', JSON.stringify(applied));
  assert.equal(applied.report.proof?.converged, true);
  assert.deepEqual(platform.writes, ['create_log_stream']);
  assert.doesNotMatch(JSON.stringify(applied), new RegExp(SIGNS));
  const again = await plan(options);
  assert(again.type === 'planned' && again.plan.changes.length === 0, JSON.stringify(again));
});

test('what somebody changes is drift, by field, and is healed', async () => {
  put(live().map((stream) => ({ ...stream, topics: null, format: 'json' })));
  const drifted = await drift(options);
  assert(drifted.type === 'drifted', JSON.stringify(drifted));
  assert.deepEqual(
    drifted.drift.items.map(({ address, moved, fields }) => ({ address, moved, fields })),
    [{ address: ADDRESS, moved: 'changed', fields: ['format', 'topics'] }],
  );
  const applied = await apply({ ...options, approve: true });
  assert(applied.type === 'applied' && applied.report.proof?.converged === true, JSON.stringify(applied));
  assert.deepEqual(platform.writes, ['create_log_stream', 'update_log_stream']);
  assert.equal(live()[0]?.['format'], 'jsonl');
});

test('what nobody declares is pruned, and what is live can be dumped', async () => {
  const datadog = { id: 'other', logStreamType: 'datadog', status: { type: 'active' }, siteLocation: 'EU' };
  put([...live(), datadog]);
  const dumped = await dump(options);
  assert(dumped.type === 'dumped', JSON.stringify(dumped));
  assert.match(dumped.documents[0]?.text ?? '', /logStreams:/);
  const applied = await apply({ ...options, approve: true });
  assert(applied.type === 'applied' && applied.report.proof?.converged === true, JSON.stringify(applied));
  assert.deepEqual(live().map(({ logStreamType }) => logStreamType), ['webhook']);
});

test('kinds that clash are told, and nothing is sent', async () => {
  const clash = await plan({ ...options, kinds: [logStream, logStream] });
  assert(clash.type === 'invalid');
  assert.deepEqual(
    clash.diagnostics.map(({ code }) => code),
    ['CVG711'],
  );
});
