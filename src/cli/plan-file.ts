import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { PlanDocument } from '../model/plan-document.ts';
import type { SavedPlan } from '../model/saved-plan.ts';
import { FORMAT_VERSIONS } from '../report/format-version.ts';
import { readPlanDocument, savedPlanOf } from '../report/plan-json.ts';

export type PlanFile =
  | { readonly type: 'readable'; readonly document: PlanDocument }
  | {
      readonly type: 'unusable';
      readonly diagnostics: readonly Diagnostic[];
      /** A plan, of a format major that this version does not read: it is bound to another tool. */
      readonly otherMajor: boolean;
    };

/** Reads a file that `plan --out` or `plan --format json` wrote. */
export async function readPlanFile(file: string, cwd: string): Promise<PlanFile> {
  let text: string;
  try {
    text = await readFile(path.resolve(cwd, file), 'utf8');
  } catch (error) {
    return unusable(`plan file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
  const read = readPlanDocument(text);
  return read.ok
    ? { type: 'readable', document: read.document }
    : unusable(`plan file ${file}: ${read.message}`, hasOtherMajor(text));
}

/** The same for a plan that is to be executed. */
export async function readSavedPlan(
  file: string,
  cwd: string,
): Promise<{ readonly type: 'saved'; readonly saved: SavedPlan } | Extract<PlanFile, { type: 'unusable' }>> {
  const read = await readPlanFile(file, cwd);
  if (read.type === 'unusable') return read;
  const saved = savedPlanOf(read.document);
  return saved === null
    ? unusable(`plan file ${file} has no digests, it can only be shown: save one with \`plan --out\``)
    : { type: 'saved', saved };
}

function unusable(summary: string, otherMajor = false): Extract<PlanFile, { type: 'unusable' }> {
  return { type: 'unusable', diagnostics: [{ severity: 'error', code: 'CVG701', summary }], otherMajor };
}

/** Called only on texts that were refused: a plan otherwise, whose version begins with another number. */
function hasOtherMajor(text: string): boolean {
  try {
    const { kind, formatVersion } = JSON.parse(text) as { readonly kind?: unknown; readonly formatVersion?: unknown };
    const major = typeof formatVersion === 'string' ? /^(\d+)\.\d+$/.exec(formatVersion)?.[1] : undefined;
    return kind === 'plan' && major !== undefined && major !== FORMAT_VERSIONS.plan.split('.')[0];
  } catch {
    return false;
  }
}
