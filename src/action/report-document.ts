import { readFile } from 'node:fs/promises';
import type { PlanDocument } from '../model/plan-document.ts';
import type { ApplyDocument } from '../report/apply-json.ts';
import type { driftDocument } from '../report/drift-json.ts';
import type { ErrorDocument } from '../report/error-json.ts';
import type { proposalJson } from '../report/proposal-json.ts';
import type { ValidateDocument } from '../report/validate-json.ts';

export type DriftDocument = ReturnType<typeof driftDocument> & { readonly proposal?: ReturnType<typeof proposalJson> };

/** What `--report json=FILE` holds after a run, by `kind`. */
export type ReportDocument = PlanDocument | ApplyDocument | DriftDocument | ErrorDocument | ValidateDocument;

/** Null where the run ended before it wrote one: wrong usage, for instance. The file is of this process's own making. */
export async function readReport(file: string): Promise<ReportDocument | null> {
  const text = await textOf(file);
  return text === null ? null : (JSON.parse(text) as ReportDocument);
}

/** Null where there is none. */
export async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}
