// What deployments send in place of being asked.
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { receivePush } from '../../src/compose/receive-push.ts';
import { readPushSecrets } from '../../src/compose/push-secrets.ts';
import type { Push, PushSecret } from '../../src/model/hints.ts';
import { Secret } from '../../src/model/secret.ts';
import { pushFor } from '../../src/providers/registry.ts';
import { inFolder } from '../kit/scratch.ts';
import { forHours, HOUR, MINUTE, perHour, teamOf, type Hours } from './hours.ts';

const of = officialPush();
const ALL: readonly PushSecret[] = [{ of: null, secret: new Secret('s') }];

function officialPush(): Push {
  const push = pushFor('official');
  if (push === null) throw new Error('the official dialect sends news');
  return push;
}

/** Sends what a stream sends of a deployment; the answer. */
function send(hours: Hours, secrets: () => Promise<readonly PushSecret[]>) {
  const hook = receivePush(of, {
    clock: hours.clock,
    secrets,
    onMoved: (moved) => (hours.steady.hear(moved) ? hours.loop.trigger('moved') : undefined),
  });
  return (reference: string, action: string, at = hours.clock.now()) => {
    const { name } = hours.deployment(reference);
    const event = { topic: 'audit_log', timestamp: at, audit_log_action: action, convex: { deployment_name: name } };
    const body = Buffer.from(JSON.stringify([event]));
    const signature = `sha256=${createHmac('sha256', 's').update(body).digest('hex')}`;
    return hook({ body, headers: { 'x-webhook-signature': signature }, of: null });
  };
}

test('with a secret for all, variables are read when told and with full readings, as predicted', async () => {
  const push = { of, secrets: () => Promise.resolve(ALL) };
  await forHours({ ...teamOf(8), push }, async (hours) => {
    const { until, network, set, deployment, rounds } = hours;
    await until(HOUR + 2.5 * MINUTE);
    const from = network.log.length;
    await until(2 * HOUR + 2.5 * MINUTE);
    expect(hours.cost()).toMatchObject({
      perHour: { poll: 12, spread: 0, run: 0, full: 11 },
      listings: { log: 2, push: 8, nobody: 0 },
    });
    expect(network.log.length - from).toBe(perHour(hours.cost()));

    const told = send(hours, push.secrets);
    set('dev-3', 'A', 'by hand');
    const before = network.log.length;
    expect(await told('dev-3', 'update_environment_variable')).toBe('taken');
    await until(hours.clock.monotonic() + 5_000);
    expect(deployment('dev-3').env.get('A')).toBe('one');
    expect(rounds.at(-1)).toMatchObject({ cause: 'moved', outcomes: [{ status: 'succeeded' }] });
    // The log, the variables, what the write stands on, the write and its proof: of one deployment.
    const paths = network.log.slice(before).map(({ path }) => path);
    expect(paths).toHaveLength(5);
    // Told again by the same delivery, or of what it does not manage: nothing is asked.
    const count = rounds.length;
    await told('dev-4', 'push_config');
    const again = hours.clock.now();
    await told('dev-5', 'update_environment_variable', again);
    await told('dev-5', 'update_environment_variable', again);
    await until(hours.clock.monotonic() + 5_000);
    expect(rounds.length).toBe(count + 1);
    expect(rounds.at(-1)).toMatchObject({ result: 'done', outcomes: [] });
  });
});

test('a secret with a name is for that one; the others are asked as before, and without the file all are', async () => {
  let secrets: readonly PushSecret[] | null = null;
  const push = { of, secrets: () => (secrets === null ? Promise.reject(new Error('gone')) : Promise.resolve(secrets)) };
  await forHours({ ...teamOf(3), push }, async (hours) => {
    await hours.until(6 * MINUTE);
    expect(hours.cost().listings).toEqual({ log: 2, push: 0, nobody: 3 });
    expect(await send(hours, push.secrets)('dev-1', 'update_environment_variable')).toBe('unusable');
    secrets = [{ of: hours.deployment('dev-1').name, secret: new Secret('s') }];
    await hours.until(11 * MINUTE);
    expect(hours.cost().listings).toEqual({ log: 2, push: 1, nobody: 2 });
  });
});

test('the file of secrets: a line each, with the name of whom it is or without', async () => {
  await inFolder({ good: 'one\n\nhappy-otter-1 two\r\n', empty: '\n', odd: 'a b c\n' }, async (cwd) => {
    const read = (file: string) => readPushSecrets({ cwd, env: { CONVERGE_WEBHOOK_SECRET_FILE: file } });
    expect((await read('good'))?.map(({ of: whose, secret }) => [whose, secret.byteLength])).toEqual([
      [null, 3],
      ['happy-otter-1', 3],
    ]);
    expect(await read('')).toBeNull();
    await expect(read('empty')).rejects.toThrow('the file holds no secret');
    await expect(read('odd')).rejects.toThrow('line 1 should be SECRET, or NAME SECRET');
    await expect(read('missing')).rejects.toThrow('the file cannot be read (ENOENT)');
  });
});
