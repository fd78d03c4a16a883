import type { Diagnostic } from '../model/diagnostic.ts';
import { junitXml } from './junit-xml.ts';
import { errorCases, toldOf } from './junit-parts.ts';

/** A suite for every file, which fails with its errors and passes without; what stands in no file has the first. */
export function diagnosticsJunit(
  diagnostics: readonly Diagnostic[],
  about: { readonly createdAt: string; readonly command: string; readonly files: readonly string[] },
): string {
  const named = diagnostics.flatMap(({ where }) => (where === undefined ? [] : [where.file]));
  const files = [...new Set([...about.files, ...named])].sort();
  const elsewhere = diagnostics.filter(({ where }) => where === undefined);
  const suites = files.map((file) => {
    const own = diagnostics.filter(({ where }) => where?.file === file);
    const errors = errorCases(own);
    return { name: file, cases: errors.length > 0 ? errors : [{ name: 'valid' }], told: toldOf(own) };
  });
  return junitXml([{ name: about.command, cases: errorCases(elsewhere), told: toldOf(elsewhere) }, ...suites], about);
}
