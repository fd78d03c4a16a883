import type { CodeContract } from '../model/code-contract.ts';
import type { CodeFiles } from '../model/code-files.ts';
import type { CodeReading, CodeUse, CodeVariable, DeclaredVariable } from '../model/code-reading.ts';
import { sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { comparePlace } from '../model/place.ts';
import { folderOf } from './module-paths.ts';
import { findDeclarations, type Declaration } from './find-declarations.ts';
import { findUses, type OpenUse, type Sighting } from './find-uses.ts';
import { loadModules } from './load-modules.ts';
import { semanticsOf } from './meaning.ts';
import { placeOf } from './place-of.ts';
import { readersOf } from './readers.ts';
import type { CodeModule } from './code-module.ts';

/** What the code of an app declares and reads. Never throws: what cannot be read is a finding. */
export async function readCode(files: CodeFiles, contract: CodeContract): Promise<CodeReading> {
  const loaded = await loadModules(files, contract);
  const semantics = semanticsOf(contract, loaded.link);
  const readers = readersOf(semantics);
  const findings: Diagnostic[] = [...loaded.findings];
  const uses = new Map<string, CodeUse[]>();
  const declared = new Map<string, DeclaredVariable>();
  let open = false;

  for (const [path, module] of loaded.modules) {
    for (const sighting of whole(module, findings, () => findUses(module, semantics, readers))) {
      if (sighting.type === 'open') {
        open = true;
        findings.push(openFinding(module, sighting));
      } else {
        const { name, tolerant, node } = sighting;
        const use = { where: placeOf(module, node), tolerant };
        uses.set(name, [...(uses.get(name) ?? []), use]);
      }
    }
    if (!isDeclaring(path, loaded.folder, contract)) continue;
    for (const declaration of whole(module, findings, () => findDeclarations(module, semantics, contract))) {
      if (declaration.type === 'open') findings.push(openDeclaration(declaration));
      else {
        const { name, optional, allowed, node } = declaration;
        declared.set(name, { where: placeOf(declaration.module, node), optional, allowed });
      }
      if (declaration.type === 'open' && declaration.name === null) open = true;
    }
  }
  for (const [name, { where }] of declared) if (contract.builtIn.includes(name)) findings.push(builtIn(name, where));
  const names = [...new Set([...uses.keys(), ...declared.keys()])].sort();
  const variables = names.map((name) => variableOf(name, declared.get(name) ?? null, uses.get(name) ?? []));
  return { files: loaded.files, variables, findings: sortDiagnostics(findings), open };
}

/** What is declared optional is not needed, however it is read: its type makes the code say what to do without it. */
function variableOf(name: string, declared: DeclaredVariable | null, uses: readonly CodeUse[]): CodeVariable {
  return {
    name,
    declared,
    needed: declared === null ? uses.some(({ tolerant }) => !tolerant) : !declared.optional,
    uses: uses.toSorted((a, b) => comparePlace(a.where, b.where)),
  };
}

/** All that is found in a module, or a finding where the code is nested deeper than the stack is. */
function whole<T>(module: CodeModule, findings: Diagnostic[], find: () => readonly T[]): readonly T[] {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.push({
      severity: 'error',
      code: 'CVG807',
      summary: 'this is not code that can be read: it is nested too deeply',
      where: { file: module.file, line: 1, column: 1 },
    });
    return [];
  }
}

function isDeclaring(path: string, folder: string, { declaration }: CodeContract): boolean {
  return (
    folderOf(path) === folder &&
    path.slice(folder === '' ? 0 : folder.length + 1).replace(/\.[^.]+$/, '') === declaration.stem
  );
}

const OPEN_SUMMARY: Readonly<Record<OpenUse, string>> = {
  computed: 'the name of the variable that is read here is computed: it cannot be known',
  rest: 'the rest of the variables is taken here: which of them are read cannot be known',
  whole: 'all variables are handed on here: which of them are read cannot be known',
  reader: 'a function that reads the variable it is told is handed on here: which ones cannot be known',
};

function openFinding(module: CodeModule, { how, node }: Sighting & { type: 'open' }): Diagnostic {
  return {
    severity: 'warning',
    code: 'CVG806',
    summary: OPEN_SUMMARY[how],
    hint: 'Read the variable by its name, as in `process.env.NAME`, for a proof that covers it.',
    where: placeOf(module, node),
  };
}

function openDeclaration({ name, node, module }: Declaration & { type: 'open' }): Diagnostic {
  return {
    severity: 'warning',
    code: 'CVG806',
    summary:
      name === null
        ? 'what is declared here is computed: it cannot be known'
        : `what ${name} may be is computed: any text counts as right`,
    hint: 'Write names and validators out.',
    where: placeOf(module, node),
  };
}

function builtIn(name: string, where: DeclaredVariable['where']): Diagnostic {
  return {
    severity: 'error',
    code: 'CVG811',
    summary: `${name} is set by the platform itself and cannot be declared`,
    hint: 'Take it out of the declaration: it is there without it.',
    where,
  };
}
