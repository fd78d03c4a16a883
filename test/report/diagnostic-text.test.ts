import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { frameLine } from '../../src/report/code-frame.ts';
import { renderDiagnostics } from '../../src/report/diagnostic-text.ts';
import { renderValidated } from '../../src/report/validate-text.ts';

const OPTIONS = { color: false, width: 90 };

const FILE = 'convex.state.yaml';
/** As the document floor gives it: masked, every character by one. */
const TEXT = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - refrence: production
        type: prodd
        env:
          STRIPE_KEY: ${'…'.repeat(20)} ${'…'.repeat(15)}
          PORT: …………
          PEM: …
            ${'…'.repeat(27)}
            ${'…'.repeat(12)}
          AFTER: { fromenv: …………………, value: ${'…'.repeat(12)} }
\t${'x'.repeat(150)} here ${'y'.repeat(150)} ünïcode \u202e \u0007
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

  test('show the line as it is given, hidden parts as one …', () => {
    const frame = (line: number, column: number): readonly string[] =>
      render(found(line, column, 'wrong'))
        .split('\n')
        .slice(2, -1);
    expect(frame(14, 32)).toEqual([
      '  14 |           AFTER: { fromenv: …, value: … }',
      '     |                             ^',
    ]);
    expect(frame(14, 38)).toEqual([
      '  14 |           AFTER: { fromenv: …, value: … }',
      '     |                                ^^^^^',
    ]);
    expect(frame(9, 34)).toEqual(
      ['   8 |         env:', '  9 |           STRIPE_KEY: …', '    |                       ^'].map((row) =>
        row.replace('   8', '  8'),
      ),
    );
  });

  test('show no frame where nothing of the line is to be seen, or the file is not known', () => {
    expect(render(found(12, 20, 'wrong'))).toBe('error[CVG201] wrong\n  --> convex.state.yaml:12:20\n');
    expect(render(found(99, 1, 'wrong'))).not.toContain('|');
    const where = { file: '.env', line: 1, column: 1 };
    expect(render(found(1, 1, 'wrong', { where }))).not.toContain('|');
  });

  test('keep within the width, around the column', () => {
    for (const [column, token] of [
      [2, 'xxxx'],
      [153, 'here'],
      [158, 'yyyy'],
      [309, 'ünïcode'],
    ] as const) {
      const rows = render(found(15, column, 'wrong'))
        .split('\n')
        .slice(2, -1);
      expect(rows.every((row) => row.length <= OPTIONS.width)).toBe(true);
      const caret = rows.at(-1)?.indexOf('^') ?? -1;
      expect(rows.at(-2)?.slice(caret)).toMatch(new RegExp(`^${token}`));
    }
    expect(render(found(15, 309, 'wrong'))).not.toContain('\u202e');
  });

  test('every place of every line has a caret on the line', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.nat(70),
        fc.integer({ min: 20, max: 60 }),
        (line, at, width) => {
          const frame = frameLine(line.replaceAll('\n', ''), at + 1, width);
          if (frame === null) return;
          expect(frame.text.length).toBeLessThanOrEqual(width);
          expect(frame.text.isWellFormed()).toBe(true);
          expect(frame.caret).toBeGreaterThanOrEqual(0);
          expect(frame.caret).toBeLessThanOrEqual(frame.text.length);
          expect(frame.length).toBeGreaterThanOrEqual(1);
        },
      ),
      { seed: 5, numRuns: 2_000 },
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
