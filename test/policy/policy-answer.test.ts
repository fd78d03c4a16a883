import { describe, expect, test } from 'vitest';
import { policyRefusals, policyWarnings, readPolicyAnswer } from '../../src/diff/policy-answer.ts';
import type { Address } from '../../src/model/address.ts';

const none = { refusals: [], warnings: [] };

describe('an answer', () => {
  test.each<[string, unknown, unknown]>([
    ['nothing to say', { refusals: [] }, none],
    ['texts', { refusals: ['no'], warnings: ['hm'] }, { refusals: [{ message: 'no' }], warnings: [{ message: 'hm' }] }],
    [
      'findings, and keys that nobody knows',
      { refusals: [{ message: 'no', addresses: ['a:b'], rule: 'r', severity: 9 }], helpers: {} },
      { refusals: [{ message: 'no', addresses: ['a:b'], rule: 'r' }], warnings: [] },
    ],
    ['as opa eval prints it', { result: [{ expressions: [{ value: { refusals: [] }, text: 'data.x' }] }] }, none],
  ])('%s', (_, value, answer) => expect(readPolicyAnswer(value)).toMatchObject(answer as object));

  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /answers nothing/],
    ['null', null, /answers null/],
    ['a list', [], /answers a list/],
    ['true', true, /answers a boolean/],
    ['an empty object', {}, /without `refusals`/],
    ['a misspelt key', { refusal: ['no'] }, /without `refusals`/],
    ['of opa, an undefined rule', { result: [] }, /without `refusals`/],
    ['of opa, several values', { result: [{ expressions: [{ value: none }, { value: none }] }] }, /without `refusals`/],
    ['a text in place of the list', { refusals: 'no' }, /`refusals` that is a string/],
    ['wrong warnings', { refusals: [], warnings: {} }, /`warnings` that is a object/],
    ['no message', { refusals: ['yes', { reason: 'no' }] }, /`refusals\[1\]`, which has no message/],
    ['an empty message', { refusals: [' '] }, /has no message/],
    ['addresses', { refusals: [{ message: 'no', addresses: 'a:b' }] }, /addresses are no list/],
    ['a rule', { refusals: [{ message: 'no', rule: 1 }] }, /rule is no text/],
    ['far too much', { refusals: Array.from({ length: 1001 }, () => 'no') }, /more than 1000 refusals/],
  ])('that is none: %s', (_, value, why) => expect(readPolicyAnswer(value)).toMatch(why));
});

describe('a refusal', () => {
  const changes = ['p:a', 'p:a/d:x', 'p:b'].map((address) => ({
    address: address as Address,
    takes: address === 'p:b' ? (['p:b/d:gone'] as Address[]) : [],
  }));
  const about = (...addresses: string[]) => policyRefusals('policy f', [{ message: 'no', addresses }], changes)[0];

  test('is one of the plan, unless it says of what', () => {
    expect(about()).toEqual({ rule: 'policy', addresses: [], message: 'policy f: no', override: null });
    expect(about('p:a/d:x')?.addresses).toEqual(['p:a/d:x']);
  });

  test('of a container is one of what is in it, and of what goes with something one of that', () => {
    expect(about('p:a')?.addresses).toEqual(['p:a', 'p:a/d:x']);
    expect(about('p:b/d:gone')?.addresses).toEqual(['p:b']);
  });

  test('of something that is no change is one of the plan: it must not slip through', () => {
    expect(about('p:a/d:x', 'p:misspelt')?.addresses).toEqual([]);
  });
});

test('a warning says who warns, by which rule, and of what', () => {
  const [warning] = policyWarnings('policy f', [{ message: 'hm', rule: 'r', addresses: ['p:a'] }]);
  expect(warning).toEqual({ severity: 'warning', code: 'CVG713', summary: 'policy f (r): hm (p:a)' });
});
