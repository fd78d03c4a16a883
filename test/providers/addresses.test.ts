import { createServer } from 'node:http';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openAddressRules } from '../../src/providers/http/addresses.ts';
import { openClient } from '../../src/providers/http/client.ts';
import type { Resolve } from '../../src/providers/http/guarded-connect.ts';
import { NO_PROXIES } from '../../src/providers/http/proxies.ts';
import { portOf } from './servers.ts';

const API = 'api.convex.dev';

describe('a host that is not of this machine', () => {
  const rules = openAddressRules([]);

  test.each(['3.5.140.2', '104.18.0.1', '2606:4700::6812:1', '64:ff9b::104.18.0.1', '::ffff:104.18.0.1'])(
    'may be at %s',
    (address) => expect(rules(API, address)).toBeNull(),
  );

  test.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '168.63.129.16',
    '127.0.0.1',
    '127.8.9.1',
    '0.0.0.0',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:a00:1::1',
    '2001:0:1::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'nonsense',
    '',
  ])('may not be at %s', (address) => expect(rules(API, address)).not.toBeNull());

  test('may be at an address or in a network that --allow-host names, and nowhere else', () => {
    const allowing = openAddressRules(['10.20.0.0/16', '192.168.7.7', 'fd12::/16', 'example.com', '10.9.0.0/99', '/']);
    for (const address of ['10.20.3.4', '192.168.7.7', 'fd12::9', '::ffff:10.20.3.4']) {
      expect(allowing('convex.example.com', address)).toBeNull();
    }
    for (const address of ['10.21.0.1', '10.9.0.1', '192.168.7.8', 'fd13::9', '127.0.0.1', '169.254.169.254']) {
      expect(allowing('convex.example.com', address)).not.toBeNull();
    }
  });

  test('is never at an address of the private networks, however it is written', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c) => {
        const hex = (high: number, low: number): string => ((high << 8) | low).toString(16);
        for (const first of [10, 127]) {
          const plain = `${first}.${a}.${b}.${c}`;
          const forms = [plain, `::ffff:${plain}`, `64:ff9b::${plain}`, `2002:${hex(first, a)}:${hex(b, c)}::1`];
          for (const form of forms) expect(rules(API, form)).not.toBeNull();
        }
      }),
      { seed: 20_261_120, numRuns: 300 },
    );
  });
});

test.each(['localhost', '127.0.0.1', '127.9.9.9', '[::1]', '::1'])('%s leads to this machine only', (hostname) => {
  const rules = openAddressRules([]);
  expect(rules(hostname, '127.0.0.1')).toBeNull();
  expect(rules(hostname, '::1')).toBeNull();
  for (const address of ['10.0.0.1', '104.18.0.1', 'fe80::1']) expect(rules(hostname, address)).not.toBeNull();
});

describe('when a connection is made', () => {
  /** DNS that says something else each time, and then the last again. */
  function dns(...answers: readonly (readonly string[])[]): { readonly resolve: Resolve; readonly asked: string[] } {
    const asked: string[] = [];
    const resolve: Resolve = (hostname, _, callback) => {
      const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
      asked.push(hostname);
      const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      queueMicrotask(() => callback(null, found));
    };
    return { resolve, asked };
  }

  /** Answers, and closes each connection after its reply, so that every request connects anew. */
  async function server(): Promise<{ readonly port: number; readonly arrived: string[] }> {
    const arrived: string[] = [];
    const port = await portOf(
      createServer((request, response) => {
        arrived.push(request.headers.authorization ?? '');
        response.setHeader('connection', 'close');
        response.end('{}');
      }),
    );
    return { port, arrived };
  }

  async function send(url: string, { resolve, times = 1 }: { readonly resolve?: Resolve; readonly times?: number }) {
    const client = openClient({ connections: 1, ca: null, allowHosts: ['127.0.0.1'], proxies: NO_PROXIES, resolve });
    onTestFinished(() => client.close());
    const ends: unknown[] = [];
    for (let i = 0; i < times; i++) {
      ends.push(
        await client
          .send({
            method: 'POST',
            url,
            headers: { authorization: 'Bearer token-123456' },
            body: '{}',
            signal: new AbortController().signal,
            timeoutMs: 5000,
            onSent: () => undefined,
          })
          .catch((error: unknown) => error),
      );
    }
    return ends;
  }

  const refused = { code: 'host-not-allowed', executed: 'no', retryable: false };

  test('the address that was checked is the one that is connected to', async () => {
    const { port, arrived } = await server();
    const { resolve, asked } = dns(['127.0.0.1']);
    expect(await send(`http://convex.test:${port}/`, { resolve })).toMatchObject([{ status: 200 }]);
    expect(asked).toEqual(['convex.test']);
    expect(arrived).toHaveLength(1);
  });

  test('a name that changes between two connections is refused at the second', async () => {
    const { port, arrived } = await server();
    const { resolve } = dns(['127.0.0.1'], ['169.254.169.254']);
    const [first, second] = await send(`http://convex.test:${port}/`, { resolve, times: 2 });
    expect(first).toMatchObject({ status: 200 });
    expect(second).toMatchObject(refused);
    expect((second as Error).message).toContain('convex.test');
    expect((second as Error).message).toContain('is at 169.254.169.254, which is not public');
    expect(arrived).toHaveLength(1);
  });

  test.each([
    ['one bad address among good ones', ['127.0.0.1', '10.0.0.1']],
    ['IPv6 of this machine', ['::1']],
    ['IPv4 within IPv6', ['::ffff:10.0.0.1']],
  ])('%s is enough', async (_, addresses) => {
    const { port, arrived } = await server();
    expect(await send(`http://convex.test:${port}/`, { resolve: dns(addresses).resolve })).toMatchObject([refused]);
    expect(arrived).toEqual([]);
  });

  test('a name that means this machine and leads elsewhere is refused', async () => {
    expect(await send('http://localhost:1/', { resolve: dns(['104.18.0.1']).resolve })).toMatchObject([refused]);
  });

  test.each([
    'https://10.0.0.1/',
    'https://169.254.169.254/',
    'https://[fd00:ec2::254]/',
    'https://[::ffff:10.0.0.1]/',
  ])('the address %s needs no DNS to be refused', async (url) => expect(await send(url, {})).toMatchObject([refused]));

  test('a name without addresses could not be connected to, which passes', async () => {
    const [end] = await send('http://convex.test:1/', { resolve: dns([]).resolve });
    expect(end).toMatchObject({ code: 'network', executed: 'no', retryable: true });
  });
});
