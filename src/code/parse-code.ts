import { parse } from '@babel/parser';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isNode, type Node } from './syntax.ts';

export interface ParsedCode {
  /** Null where the parser could make nothing of it. */
  readonly program: Node | null;
  readonly problems: readonly Diagnostic[];
}

/**
 * Text → syntax tree, with what is wrong with it as findings: never throws. A tree is given beside problems as far as the
 * parser could go on. The only file that knows the parser.
 */
export function parseCode(file: string, text: string): ParsedCode {
  try {
    const parsed = parse(text, {
      sourceType: 'module',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowUndeclaredExports: true,
      allowSuperOutsideMethod: true,
      createImportExpressions: false,
      plugins: pluginsFor(file),
    });
    const program: unknown = parsed.program;
    const [first] = parsed.errors ?? [];
    return { program: isNode(program) ? program : null, problems: first === undefined ? [] : [problem(file, first)] };
  } catch (error) {
    return { program: null, problems: [problem(file, error)] };
  }
}

/** In plain TypeScript `<T>x` is a cast, with JSX it is an element. */
function pluginsFor(file: string): ('jsx' | 'typescript' | 'decorators-legacy')[] {
  if (/\.[cm]?ts$/.test(file)) return ['typescript', 'decorators-legacy'];
  if (file.endsWith('.tsx')) return ['typescript', 'jsx', 'decorators-legacy'];
  return ['jsx', 'decorators-legacy'];
}

/** Where the parser stopped or what it forgave; the code itself is not quoted. */
function problem(file: string, error: unknown): Diagnostic {
  const { loc, reasonCode } = error as {
    readonly loc?: { readonly line?: number; readonly column?: number };
    readonly reasonCode?: unknown;
  };
  const reason =
    error instanceof RangeError
      ? 'it is nested too deeply'
      : typeof reasonCode === 'string'
        ? wordsOf(reasonCode)
        : 'the parser gave up';
  return {
    severity: 'error',
    code: 'CVG807',
    summary: `this is not code that can be parsed: ${reason}`,
    hint: 'What it reads is not known, so nothing can be proven. Correct it, as a deploy would also demand.',
    where: { file, line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1 },
  };
}

/** `UnexpectedToken` → `unexpected token`. */
function wordsOf(reasonCode: string): string {
  return reasonCode.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
