import path from 'node:path';
import type { Place } from '../model/place.ts';
import type { Annotation } from './workflow-commands.ts';
import type { ReportDocument } from './report-document.ts';

/** What a report says of lines of files: its diagnostics, and what is refused at the line that asks for it. */
export function annotationsOf(
  document: ReportDocument,
  folders: { /** Where the run's paths start. */ readonly cwd: string; readonly workspace: string },
): readonly Annotation[] {
  const at = (place: Place | undefined): Annotation['at'] => {
    if (place === undefined) return null;
    const file = path.relative(folders.workspace, path.resolve(folders.cwd, place.file));
    return { file: file.replaceAll(path.sep, '/'), line: place.line, column: place.column };
  };
  const diagnostics = document.diagnostics.map(({ severity, code, summary, hint, where }): Annotation => ({
    level: severity === 'note' ? 'notice' : severity,
    title: `converge ${code}`,
    message: hint === undefined ? `${summary}.` : `${summary}. ${hint}`,
    at: at(where),
  }));
  if (document.kind !== 'plan' && document.kind !== 'apply') return diagnostics;
  const lines = new Map(
    document.kind === 'plan' ? document.changes.map(({ address, where }) => [address, where] as const) : [],
  );
  const refusals = document.refusals.map(({ rule, message, override, addresses }): Annotation => {
    const where = addresses.map((address) => lines.get(address)).find((place) => place !== undefined);
    const lift = override === null ? '' : ` To allow it in one run: ${override}`;
    return { level: 'error', title: `converge refuses (${rule})`, message: `${message}.${lift}`, at: at(where) };
  });
  return [...diagnostics, ...refusals];
}
