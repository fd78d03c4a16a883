import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { renderDiagnostics } from '../../src/report/diagnostic-text.ts';
import { renderValidated } from '../../src/report/validate-text.ts';

const OPTIONS = { color: false, width: 90 };

const FILE = 'convex.state.yaml';
const TEXT = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - refrence: production
        type: prodd
        env:
          STRIPE_KEY: sk_live_abcdefghijklmnop # whsec_comment
          PORT: 012
          PEM: |
            -----BEGIN PRIVATE KEY-----
            hunter2: abc
          AFTER: { fromenv: hunter2, value: "x: hunter2" }
          TWO: "first
            hunter2: second"
          LAST: x
`;

function found(line: number, column: number, summary: string, rest: Partial<Diagnostic> = {}): Diagnostic {
  return { severity: 'error', code: 'CVG201', summary, where: { file: FILE, line, column }, ...rest };
}

function render(...diagnostics: readonly Diagnostic[]): string {
  return renderDiagnostics(diagnostics, new Map([[FILE, TEXT]]), OPTIONS);
}

describe('diagnostics for people', () => {
  test('show place, keys and hint', async () => {
    const text = render(
      found(6, 9, 'unknown key "refrence"', { hint: 'did you mean "reference"?' }),
      found(7, 15, 'type is "prodd", expected prod, dev or custom', { code: 'CVG202' }),
      found(9, 23, 'STRIPE_KEY is written out and looks like a credential', { severity: 'warning', code: 'CVG309' }),
      found(10, 17, 'PORT is a number, and text is needed: write "012"', { code: 'CVG205' }),
      found(14, 20, 'unknown key "fromenv"', { also: { file: 'other.yaml', line: 3, column: 1 } }),
      { severity: 'error', code: 'CVG602', summary: 'no token' },
      { severity: 'note', code: 'CVG101', summary: 'not read', where: { file: 'other.yaml', line: 1, column: 1 } },
    );
    await expect(text).toMatchFileSnapshot('golden/diagnostics.txt');
  });

  test('say nothing for none, and do not count one', () => {
    expect(render()).toBe('');
    expect(render({ severity: 'error', code: 'CVG602', summary: 'no token' })).toBe('error[CVG602] no token\n');
  });

  test('show no value, comment or scalar line, wherever the place is', () => {
    const lines = TEXT.split('\n');
    for (let line = 0; line <= lines.length + 1; line++) {
      for (let column = 1; column <= 70; column++) {
        const text = render(found(line, column, 'something is wrong'));
        expect(text).not.toMatch(/hunter2|sk_live|whsec|prodd|BEGIN|acme|012/);
      }
    }
  });

  test('show no value of a generated document, wherever the place is', () => {
    const secret = fc
      .string({ unit: fc.constantFrom(...'ABCdef0123:-_ "\'#|{}[],&*!%\\'.split('')), minLength: 4, maxLength: 20 })
      .map((text) => `zq${text}qz`);
    const written = secret.chain((text) =>
      fc.constantFrom(
        text,
        JSON.stringify(text),
        `'${text.replaceAll("'", "''")}'`,
        `{ value: ${JSON.stringify(text)} }`,
        `|\n      ${text}\n      b: ${text}`,
        `>-\n\n      ${text}:`,
        `"a\n      k: ${text.replace(/["\\]/g, '')}"`,
      ),
    );
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 5 }), fc.nat(20), fc.nat(40), (values, line, column) => {
        const source = `env:\n${values.map((value, index) => `  KEY_${index}: ${value}\n`).join('')}`;
        const diagnostic = found(line, column + 1, 'something is wrong');
        expect(renderDiagnostics([diagnostic], new Map([[FILE, source]]), OPTIONS)).not.toMatch(/zq/);
      }),
      { seed: 5, numRuns: 1000 },
    );
  });

  test('put the caret under the key in any indentation', () => {
    const lines = render(found(6, 9, 'unknown key "refrence"')).split('\n');
    const row = lines.findIndex((line) => line.includes('^'));
    expect(lines[row]?.indexOf('^')).toBe(lines[row - 1]?.indexOf('refrence'));
  });
});

describe('validate', () => {
  test('says how much is declared', () => {
    const declared = { project: 2, deployment: 1, variable: 20 };
    expect(renderValidated({ declared, diagnostics: [], texts: new Map() }, OPTIONS)).toBe(
      'ok: 2 projects, 1 deployment, 20 variables declared\n',
    );
  });

  test('says warnings first, and no ok with errors', () => {
    const warning: Diagnostic = { severity: 'warning', code: 'CVG309', summary: 'looks like a credential' };
    const texts = new Map<string, string>();
    expect(renderValidated({ declared: {}, diagnostics: [warning], texts }, OPTIONS)).toBe(
      'warning[CVG309] looks like a credential\n\nok: nothing declared\n',
    );
    expect(renderValidated({ declared: null, diagnostics: [warning], texts }, OPTIONS)).not.toContain('ok:');
  });
});
