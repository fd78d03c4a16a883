// mode, policy.windows and pauses as the document says them.
import { describe, expect, test } from 'vitest';
import { instantiate } from '../../src/document/instantiate.ts';
import { pauseFindings } from '../../src/document/read-pauses.ts';
import { addressOf, type Address } from '../../src/model/address.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import { modesOver } from '../../src/model/mode.ts';
import type { LiveResource } from '../../src/model/resource.ts';
import { testKinds } from './kinds.ts';
import { desiredOf, saidOf } from './load-text.ts';

const HEAD = 'version: 1\nteam: acme\n';
const at = (text: string): Address => text as Address;

describe('mode', () => {
  const text = `${HEAD}mode: observe\nprojects:\n  - { slug: a, mode: apply }\n  - { slug: b, mode: suspend }\n  - slug: c\n`;

  test.each([
    ['apply', { a: 'apply', b: 'suspend', c: 'observe' }],
    ['observe', { a: 'observe', b: 'suspend', c: 'observe' }],
  ] as const)('the nearest is compared with %s of the daemon: the more cautious one holds', (own, expected) => {
    const mode = modesOver(desiredOf(text).modes, own);
    const found = Object.fromEntries(['a', 'b', 'c'].map((slug) => [slug, mode(at(`project:${slug}/deployment:x`))]));
    expect(found).toEqual(expected);
  });

  test('without one the daemon decides', () => {
    const { modes } = desiredOf(`${HEAD}projects: [{ slug: a }]\n`);
    expect([modesOver(modes, 'apply')(at('project:a')), modesOver(modes, 'observe')(at('project:a'))]).toEqual([
      'apply',
      'observe',
    ]);
  });

  test('of a selector holds for what it matches, of two the later one', () => {
    const asked = desiredOf(
      `${HEAD}eachProject:\n  - { match: { slug: "x-*" }, mode: observe }\n  - { match: { slug: x-two }, mode: suspend }\n`,
    );
    const live = ['x-one', 'x-two', 'y'].map((key): LiveResource => {
      const spec = { slug: key, name: key };
      return { address: addressOf(null, 'project', key), kind: 'project', key, parent: null, id: key, spec, facts: {} };
    });
    const inventory = new Map(live.map((one) => [one.address, one]));
    const { desired } = instantiate(asked, inventory, { kinds: kindsOf(testKinds), whole: true });
    const mode = modesOver(desired.modes, 'apply');
    expect(live.map(({ address }) => mode(address))).toEqual(['observe', 'suspend', 'apply']);
  });

  test('in two files that say different things of the same: an error (rule 28)', () => {
    const files = {
      'a.yaml': `${HEAD}eachProject: [{ match: { slug: "x-*" }, mode: observe }]\n`,
      'b.yaml': 'version: 1\neachProject: [{ match: { slug: "*" }, mode: apply }]\n',
    };
    const asked = desiredOf(files);
    const one: LiveResource = {
      address: at('project:x-one'),
      kind: 'project',
      key: 'x-one',
      parent: null,
      id: '1',
      spec: { slug: 'x-one', name: 'x-one' },
      facts: {},
    };
    const { diagnostics } = instantiate(asked, new Map([[one.address, one]]), {
      kinds: kindsOf(testKinds),
      whole: true,
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['CVG516']);
  });
});

describe('policy.windows', () => {
  test('stand where they are written, with their places; a zone that is not written is UTC', () => {
    const { windows } = desiredOf(
      `${HEAD}policy:\n  windows:\n    - { schedule: "0 22 * * *", duration: 90m }\nprojects:\n  - slug: a\n    policy: { windows: [] }\n  - slug: b\n    policy: { prune: [] }\n`,
    );
    expect(windows).toEqual([
      {
        within: null,
        windows: [
          {
            schedule: '0 22 * * *',
            durationMs: 5_400_000,
            timeZone: 'UTC',
            where: { file: 'a.yaml', line: 5, column: 9 },
          },
        ],
        where: { file: 'a.yaml', line: 4, column: 3 },
      },
      { within: 'project:a', windows: [], where: { file: 'a.yaml', line: 8, column: 15 } },
    ]);
  });
});

describe('pauses', () => {
  const written = (expires: string): string =>
    `${HEAD}pauses: [{ address: "project:a", owner: ada, reason: demo, expires: ${expires} }]\nprojects: [{ slug: a }]\n`;

  test.each([
    ['2026-12-01', Date.UTC(2026, 11, 1)],
    ['2026-12-01T10:00Z', Date.UTC(2026, 11, 1, 10)],
    ['2026-12-01T10:00:00+01:00', Date.UTC(2026, 11, 1, 9)],
    ['"2026-12-01 10:00:00.5Z"', Date.UTC(2026, 11, 1, 10, 0, 0, 500)],
  ])('expires: %s', (text, expires) => {
    expect(desiredOf(written(text)).pauses).toEqual([
      { address: 'project:a', owner: 'ada', reason: 'demo', expires, where: { file: 'a.yaml', line: 3, column: 12 } },
    ]);
  });

  test.each(['soon', '2026-12-01T10:00:00', '2026-02-30', '2026-13-01', '2026-12-01T25:00:00Z', '"1 December 2026"'])(
    'expires: %s is no instant',
    (text) => expect(saidOf(written(text))).toEqual([expect.stringMatching(/CVG202 `expires` is .* which is no date/)]),
  );

  test('of several files are all there', () => {
    const { pauses } = desiredOf({
      'a.yaml': written('2026-12-01'),
      'b.yaml': written('2026-12-02').replace('team: acme\n', '').replace('projects: [{ slug: a }]\n', ''),
    });
    expect(pauses.map(({ where }) => where?.file)).toEqual(['a.yaml', 'b.yaml']);
  });

  test('the 30 days are counted from now, to the millisecond', () => {
    const now = Date.UTC(2026, 10, 1);
    const { pauses } = desiredOf(written('2026-12-01'));
    expect(pauseFindings(pauses, now)).toEqual([]);
    expect(pauseFindings(pauses, now - 1).map(({ code, severity }) => [severity, code])).toEqual([['error', 'CVG304']]);
    expect(pauseFindings(pauses, Date.UTC(2026, 11, 1)).map(({ code, severity }) => [severity, code])).toEqual([
      ['warning', 'CVG519'],
    ]);
  });
});
