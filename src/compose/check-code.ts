import { judgeCode } from '../code/judge-code.ts';
import { readCode } from '../code/read-code.ts';
import { subjectsOf, type Subject } from '../code/subjects.ts';
import { didYouMean, show } from '../document/show.ts';
import type { CodeCheck } from '../model/code-check.ts';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { anyGlob } from '../model/glob.ts';
import { kindsIn } from './platform.ts';
import { openCodeFiles } from '../sources/open-code-files.ts';
import type { Effects, FileTexts, Settings } from './contract.ts';
import { judge } from './judge.ts';
import { loadDesired } from './load.ts';

export interface CheckCodeRequest {
  /** The app's folder, as somebody wrote it. */
  readonly folder: string;
  /** Addresses or globs over them, or selectors as plans name them; empty: all. */
  readonly deployments: readonly string[];
}

export type CodeChecked =
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[]; readonly texts: FileTexts }
  | { readonly type: 'checked'; readonly check: CodeCheck; readonly texts: FileTexts };

/** Code against document, offline: no source is read, nothing is sent, no code is run. */
export async function checkCode(
  settings: Settings,
  effects: Effects,
  { folder, deployments }: CheckCodeRequest,
): Promise<CodeChecked> {
  const kinds = kindsIn(settings);
  const loaded = await loadDesired(settings, effects, { kinds, sources: 'offline' });
  const { desired, texts, diagnostics } = loaded;
  if (desired === null || hasErrors(diagnostics)) return { type: 'invalid', diagnostics, texts };
  const checks: CodeCheck[] = [];
  for (const kind of kinds) {
    if (kind.code === undefined) continue;
    const all = subjectsOf(desired, kind);
    const { chosen, problem } = choose(all, deployments);
    if (problem !== null) return { type: 'invalid', diagnostics: [...diagnostics, problem], texts };
    const reading = await readCode(openCodeFiles(folder, effects.cwd), kind.code);
    checks.push(judgeCode(reading, chosen, { contract: kind.code, folder }));
  }
  const [check] = checks;
  if (check === undefined || checks.length > 1) throw new Error('one kind is read by code');
  const findings = sortDiagnostics([...diagnostics, ...judge(check.findings, settings)]);
  return { type: 'checked', check: { ...check, findings }, texts };
}

/** The subjects that are asked for; a name that means none of them is a mistake. */
function choose(
  all: readonly Subject[],
  asked: readonly string[],
): { readonly chosen: readonly Subject[]; readonly problem: Diagnostic | null } {
  const names = all.map(({ name }) => name);
  if (all.length === 0) {
    return {
      chosen: [],
      problem: {
        severity: 'error',
        code: 'CVG522',
        summary: 'the document declares nothing that code could be checked against',
        hint: 'Declare a deployment, or a selector with variables.',
      },
    };
  }
  if (asked.length === 0) return { chosen: all, problem: null };
  const matches = anyGlob(asked);
  const stranger = asked.find((one) => !names.some((name) => name === one || anyGlob([one])(name)));
  if (stranger === undefined)
    return { chosen: all.filter(({ name }) => asked.includes(name) || matches(name)), problem: null };
  return {
    chosen: [],
    problem: {
      severity: 'error',
      code: 'CVG522',
      summary: `the document declares nothing that code could be checked against at ${show(stranger)}`,
      hint: didYouMean(stranger, names) ?? `Declared: ${names.slice(0, 5).map(show).join(', ')}.`,
    },
  };
}
