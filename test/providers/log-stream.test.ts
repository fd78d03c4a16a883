// What a deployment's log stream sends: who is believed, and what it is about.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../src/model/address.ts';
import type { Delivery, Received } from '../../src/model/hints.ts';
import type { LiveResource } from '../../src/model/resource.ts';
import { Secret } from '../../src/model/secret.ts';
import { logStream } from '../../src/providers/convex/log-stream.ts';

const NOW = Date.UTC(2026, 10, 20, 10);
const SECRET = 'the-secret-of-a-stream';
const secrets = [{ of: null, secret: new Secret(SECRET) }];

function sign(body: string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function deliver(
  events: unknown,
  {
    at = NOW,
    signature,
    of = null,
  }: { readonly at?: number; readonly signature?: string; readonly of?: string | null } = {},
  known = secrets as readonly { readonly of: string | null; readonly secret: Secret }[],
): Received {
  const body = typeof events === 'string' ? events : JSON.stringify(events);
  const delivery: Delivery = {
    body: Buffer.from(body),
    headers: { 'x-webhook-signature': signature ?? sign(body) },
    of,
  };
  return logStream.receive(delivery, known, at);
}

const event = (more: object = {}): Readonly<Record<string, unknown>> => ({
  topic: 'audit_log',
  timestamp: NOW,
  audit_log_action: 'update_environment_variable',
  audit_log_metadata: '{"name":"A"}',
  convex: { deployment_name: 'happy-otter-1', deployment_type: 'prod', project_name: 'Shop', project_slug: 'shop' },
  ...more,
});

const container = (name: string): LiveResource => ({
  address: 'project:shop/deployment:one' as Address,
  kind: 'deployment',
  key: 'one',
  parent: null,
  id: '1',
  spec: {},
  facts: { name },
});

/** Kinds that moved in the deployment, sorted; null: not accepted. */
function kinds(received: Received, name = 'happy-otter-1'): readonly string[] | null {
  if (received.type === 'refused') return null;
  return received.moved.filter(({ of }) => of?.(container(name)) === true).map(({ kind }) => kind);
}

describe('who is believed', () => {
  test('the signature is of the bytes, under a secret that is known', () => {
    expect(kinds(deliver([event()]))).toEqual(['env-var']);
    expect(kinds(deliver([event()], { signature: sign('[]') }))).toBeNull();
    expect(kinds(deliver([event()], { signature: sign(JSON.stringify([event()]), 'another') }))).toBeNull();
    expect(kinds(deliver([event()], { signature: '' }))).toBeNull();
    expect(
      kinds(deliver([event()], { signature: sign(JSON.stringify([event()])).replace('sha256', 'md5') })),
    ).toBeNull();
  });

  test('two secrets while one is rotated; a secret with a name only at that name', () => {
    const two = [{ of: null, secret: new Secret('new') }, ...secrets];
    expect(kinds(deliver([event()], {}, two))).toEqual(['env-var']);
    const named = [{ of: 'happy-otter-1', secret: new Secret(SECRET) }];
    expect(kinds(deliver([event()], {}, named))).toBeNull();
    expect(kinds(deliver([event()], { of: 'happy-otter-1' }, named))).toEqual(['env-var']);
    expect(kinds(deliver([event()], { of: 'other-cat-2' }, named))).toBeNull();
    // It speaks for nobody else.
    const other = [event({ convex: { deployment_name: 'other-cat-2' } })];
    expect(kinds(deliver(other, { of: 'happy-otter-1' }, named), 'other-cat-2')).toEqual([]);
  });

  test('five minutes, either way', () => {
    for (const [minutes, is] of [
      [4.9, true],
      [-4.9, true],
      [5.1, false],
      [-5.1, false],
    ] as const)
      expect(deliver([event()], { at: NOW + minutes * 60_000 }).type).toBe(is ? 'told' : 'refused');
    // The newest counts: a batch may have waited.
    expect(deliver([event({ timestamp: NOW - 3_600_000 }), event()]).type).toBe('told');
    expect(deliver([event({ timestamp: 'now' })]).type).toBe('refused');
    expect(deliver([]).type).toBe('refused');
  });
});

describe('what it is about', () => {
  test.each([
    ['create_environment_variable', ['env-var']],
    ['delete_environment_variable', ['env-var']],
    ['replace_environment_variable', ['env-var']],
    ['update_canonical_url', ['canonical-url']],
    ['push_config', []],
    ['frobnicate', ['env-var', 'canonical-url']],
    [undefined, ['env-var', 'canonical-url']],
  ])('%s', (action, expected) => {
    expect(kinds(deliver([event({ audit_log_action: action })]))).toEqual(expected);
  });

  test('lines as well as an array; other topics and other deployments are nothing', () => {
    expect(kinds(deliver(`${JSON.stringify(event())}\n${JSON.stringify(event())}\n`))).toEqual(['env-var', 'env-var']);
    expect(kinds(deliver(JSON.stringify(event())))).toEqual(['env-var']);
    expect(kinds(deliver([event({ topic: 'console' }), event({ topic: 'verification' })]))).toEqual([]);
    expect(kinds(deliver([event()]), 'other-cat-2')).toEqual([]);
    expect(kinds(deliver([event({ convex: null }), event({ convex: 7 })]))).toEqual([]);
  });

  test('whatever is signed, nothing is thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.array(fc.jsonValue()).map((all) => JSON.stringify(all)),
        ),
        (body) => {
          expect(['told', 'refused']).toContain(deliver(body).type);
        },
      ),
      { seed: 20261121, numRuns: 300 },
    );
  });
});
