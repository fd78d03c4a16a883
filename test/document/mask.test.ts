import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deploymentWith, loadText, say } from './load-text.ts';

const textOf = (text: string): string => loadText(text).texts.get('a.yaml') ?? '';

describe('the texts for code frames', () => {
  test('hold no value of a variable, and stand as the file does', () => {
    const text = deploymentWith(
      'env:\n  A: canary # note\n  B: { value: "canary", visible: true }\n  C: |\n    canary\n      canary\n  type: canary\n  D: { fromEnv: STAYS }\nclass: stays\nenvFrom: [stays, { file: stays }]\n',
      'x-base: &base { slug: canary, K: canary, L: { fromFile: STAYS } }\nenvSets:\n  s: { name: canary }\ndefaults: { class: stays, env: { class: canary } }\n',
    );
    const masked = textOf(text);
    expect(masked).not.toContain('canary');
    expect(masked.match(/stays/gi)).toHaveLength(6);
    expect(masked.split('\n').map((line) => line.length)).toEqual(text.split('\n').map((line) => line.length));
    expect(masked).toContain('          A: ****** # note\n');
    expect(masked).toContain('            ******\n              ******\n');
  });

  test('mask text under keys that nobody knows, and in places that should not hold it', () => {
    const masked = textOf(
      deploymentWith('evn: { KEY: canary }\nenv: [KEY=canary]\ndomains: canary\nSTRIPE_KEY: canary\n'),
    );
    expect(masked).not.toContain('canary');
    expect(masked).toContain('STRIPE_KEY: ******');
  });

  test.each([
    ['a quote that is not closed', 'env:\n  KEY: "canary\n  B: x\n'],
    ['a bracket that is not closed', 'env: { KEY: canary, OTHER: canary\n'],
    ['a tab', 'env:\n\tKEY: canary\n  PEM: |\n    canary/canary==\n'],
    ['text after a quote', 'env:\n  KEY: "a" canary\n'],
    ['an error after variables with known names', 'env:\n  name: canary\n  class: canary\nenvFrom: [\n'],
    ['a bad escape', 'env:\n  KEY: "canary\\q"\n'],
    ['a missing space', 'env:\n  KEY:canary\n  OTHER: x\n  : : canary\n'],
  ])('of a file with %s', (_name, lines) => {
    const { state, diagnostics, texts } = loadText(deploymentWith(lines));
    expect(state).toBeNull();
    const masked = texts.get('a.yaml') ?? '';
    expect(masked.replace(/[^\n]/g, '')).toBe(deploymentWith(lines).replace(/[^\n]/g, ''));
    expect(masked.replace('KEY:canary', '')).not.toContain('canary');
    expect(masked).toContain('  - slug: shop\n');
    expect(diagnostics.map(say).join('\n')).not.toContain('canary');
  });
});

describe('no diagnostic holds a value', () => {
  const forms: readonly ((value: string) => string)[] = [
    (value) => value,
    (value) => `{ value: ${value} }`,
    (value) => `{ value: ${value}, fromEnv: X }`,
    (value) => `{ vlaue: ${value} }`,
    (value) => `[${value}]`,
    (value) => `{ value: [${value}] }`,
    (value) => `{ value: { a: ${value} } }`,
    (value) => `!secret ${value}`,
    (value) => `{ absent: ${value} }`,
    (value) => `{ visible: ${value} }`,
    (value) => `${value} }`,
    (value) => `"${value}`,
    (value) => `*${value.slice(0, 0)}nope # ${value}`,
  ];
  const holders: readonly ((line: string) => string)[] = [
    (line) => deploymentWith(`env:\n  SOME_NAME: ${line}\n`),
    (line) => deploymentWith(`env:\nSOME_NAME: ${line}\n`),
    (line) => deploymentWith(`evn: { SOME_NAME: ${line} }\n`),
    (line) => deploymentWith(`env: [${line}]\n`),
    (line) => deploymentWith('', `envSets:\n  s: { SOME_NAME: ${line} }\n`),
    (line) => deploymentWith('', `envSets: { SOME_NAME: ${line} }\n`),
    (line) => deploymentWith('', `defaults: { env: { SOME_NAME: ${line} } }\n`),
    (line) => deploymentWith('env: *base\n', `x-base: &base { SOME_NAME: ${line} }\n`),
  ];
  const value = fc.stringMatching(/^canary(?:[A-Za-z0-9_/+=.]{0,20})$/);

  test('wherever it was put by mistake', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(...forms), fc.constantFrom(...holders), (text, form, holder) => {
        const { diagnostics, texts } = loadText(holder(form(text)));
        expect(JSON.stringify(diagnostics)).not.toContain('canary');
        const frames = [...texts.values()].join('').replace(/#.*/g, '');
        expect(frames).not.toContain('canary');
      }),
      { numRuns: 500, seed: 20 },
    );
  });
});
