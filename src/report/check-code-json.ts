import type { CheckedSubject, CodeCheck } from '../model/code-check.ts';
import type { CodeVariable } from '../model/code-reading.ts';
import { hasErrors } from '../model/diagnostic.ts';
import { diagnosticsJson, placeJson } from './diagnostic-json.ts';
import { sorted } from './envelope-json.ts';
import { FORMAT_VERSIONS } from './format-version.ts';

/** What `check-code --format json` prints. No time in it: the same files give the same bytes. */
export function checkCodeDocument(check: CodeCheck, meta: { readonly tool: string }) {
  const { folder, reading, subjects, findings } = check;
  return {
    kind: 'check-code' as const,
    formatVersion: FORMAT_VERSIONS['check-code'],
    tool: meta.tool,
    folder,
    satisfied: !hasErrors(findings),
    files: reading.files,
    open: reading.open,
    variables: reading.variables.map((variable) => variableJson(variable, check.builtIn.includes(variable.name))),
    subjects: subjects.map(subjectJson),
    diagnostics: diagnosticsJson(findings, 'place'),
  };
}

function variableJson({ name, needed, declared, uses }: CodeVariable, builtIn: boolean) {
  return {
    name,
    needed,
    builtIn,
    declared:
      declared === null
        ? null
        : { where: placeJson(declared.where), optional: declared.optional, allowed: declared.allowed },
    uses: uses.map(({ where, tolerant }) => ({ where: placeJson(where), tolerant })),
  };
}

function subjectJson({ name, address, standing, order, ...lists }: CheckedSubject) {
  return {
    name,
    address,
    standing,
    missing: sorted(lists.missing),
    removed: sorted(lists.removed),
    wrong: sorted(lists.wrong),
    unknown: sorted(lists.unknown),
    unused: sorted(lists.unused),
    order: { before: sorted(order.before), after: sorted(order.after) },
  };
}
