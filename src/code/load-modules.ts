import type { CodeContract } from '../model/code-contract.ts';
import type { CodeFiles } from '../model/code-files.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { codeModule, importsOf, type CodeModule } from './code-module.ts';
import type { Link } from './meaning.ts';
import { candidatesFor, folderOf, isAsset, isCode, isRelative, joined } from './module-paths.ts';
import { parseCode } from './parse-code.ts';
import { pathAliases, type PathAliases } from './path-aliases.ts';
import { placeOf } from './place-of.ts';
import type { Node } from './syntax.ts';

export interface LoadedModules {
  /** By path. */
  readonly modules: ReadonlyMap<string, CodeModule>;
  /** How many files were read, those among them that could not be parsed. */
  readonly files: number;
  readonly findings: readonly Diagnostic[];
  /** The folder of the code. */
  readonly folder: string;
  readonly link: Link;
}

/** A circle of generated code or a mistaken folder must not read a disk. */
const MOST_FILES = 20_000;

/** Reads what is deployed, and what that imports by relative path or alias, each file once. */
export async function loadModules(files: CodeFiles, contract: CodeContract): Promise<LoadedModules> {
  const modules = new Map<string, CodeModule>();
  const paths = new Map<CodeModule, string>();
  const links = new Map<string, string>();
  const findings: Diagnostic[] = [];
  const folder = await folderOfCode(files, contract, findings);
  const waiting = await entriesIn(files, contract, folder, findings);
  const aliases = await aliasesOf(files, folder);
  const seen = new Set(waiting);

  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const file = await files.read(path);
    const shown = files.shown(path);
    if (file.type !== 'text') {
      const why = file.type === 'none' ? 'it is gone' : file.why;
      findings.push({ ...unread(`${shown} cannot be read: ${why}`), where: { file: shown, line: 1, column: 1 } });
      continue;
    }
    const { program, problems } = parseCode(shown, file.text);
    findings.push(...problems);
    const module = program === null ? null : safely(() => codeModule(shown, program));
    if (module === null) {
      if (problems.length === 0) findings.push(tooDeep(shown));
      continue;
    }
    modules.set(path, module);
    paths.set(module, path);
    for (const { from, node } of safely(() => importsOf(module.program)) ?? []) {
      const target = await targetOf(path, { from, node, module });
      if (target === null) continue;
      links.set(linkKey(path, from), target);
      if (seen.has(target)) continue;
      seen.add(target);
      if (seen.size > MOST_FILES) {
        findings.push(unread(`the code has more than ${MOST_FILES} files, and no more are read`));
        waiting.length = 0;
        break;
      }
      waiting.push(target);
    }
  }
  return {
    modules,
    files: seen.size,
    findings,
    folder,
    link: (from, specifier) => modules.get(links.get(linkKey(paths.get(from) ?? '', specifier)) ?? '') ?? null,
  };

  async function targetOf(
    path: string,
    { from, node, module }: { readonly from: string; readonly node: Node; readonly module: CodeModule },
  ): Promise<string | null> {
    if (isAsset(from) || isLeftOut(from, contract)) return null;
    const { paths: targets, isAlias } = isRelative(from)
      ? { paths: [joined(folderOf(path), from)], isAlias: true }
      : aliases.targetsOf(from);
    for (const target of targets) {
      for (const candidate of candidatesFor(target)) {
        if (seen.has(candidate)) return candidate;
        if ((await files.read(candidate)).type === 'text') return candidate;
      }
    }
    if (!isAlias && !LOOKS_ALIASED.test(from)) return null;
    findings.push(notFollowed(from, module, node));
    return null;
  }
}

/** Names that no package can have, or that templates use for the app's own folders. */
const LOOKS_ALIASED = /^(?:@\/|~\/?|#|\$)/;

async function folderOfCode(files: CodeFiles, contract: CodeContract, findings: Diagnostic[]): Promise<string> {
  const { file, key, folder } = contract.manifest;
  const manifest = await files.read(file);
  if (manifest.type === 'none') return folder;
  const where = { file: files.shown(file), line: 1, column: 1 };
  if (manifest.type === 'unreadable') {
    findings.push({ ...unread(`${where.file} cannot be read: ${manifest.why}`), where });
    return folder;
  }
  try {
    const said = (JSON.parse(manifest.text) as Readonly<Record<string, unknown>> | null)?.[key];
    if (said === undefined) return folder;
    if (typeof said === 'string' && said !== '') return joined('', said);
    findings.push({ ...unread(`${key} of ${where.file} is no folder`), where });
  } catch {
    findings.push({ ...unread(`${where.file} is not JSON`), where });
  }
  return folder;
}

async function entriesIn(
  files: CodeFiles,
  contract: CodeContract,
  folder: string,
  findings: Diagnostic[],
): Promise<string[]> {
  const { files: listed, unreadable } = await files.list(folder);
  for (const { path, why } of unreadable) findings.push(unread(`${files.shown(path)} cannot be read: ${why}`));
  const within = (path: string): string => (folder === '' ? path : path.slice(folder.length + 1));
  const apart = listed
    .filter((path) => path.endsWith(`/${contract.partition}`) && within(path) !== contract.partition)
    .map((path) => `${folderOf(path)}/`);
  const entries = listed.filter(
    (path) =>
      isCode(path) &&
      !isLeftOut(`/${within(path)}`, contract) &&
      !apart.some((part) => path.startsWith(part)) &&
      contract.isEntry(within(path)),
  );
  if (entries.length === 0) {
    findings.push({
      ...unread(`there is no code in ${files.shown(folder)}`),
      hint: `Name the folder of the app: the one with ${contract.manifest.file} or ${contract.manifest.folder}/ in it.`,
    });
  }
  return entries;
}

/** What the configuration nearest to the code says of paths, or one that it builds on. */
async function aliasesOf(files: CodeFiles, folder: string): Promise<PathAliases> {
  for (const nearest of [joined(folder, 'tsconfig.json'), 'tsconfig.json']) {
    let path: string | null = nearest;
    for (let depth = 0; path !== null && depth < MOST_EXTENDED; depth += 1) {
      const file = await files.read(path);
      if (file.type !== 'text') break;
      const aliases = pathAliases(path, file.text);
      if (aliases.some) return aliases;
      path = aliases.extended;
    }
  }
  return { some: false, extended: null, targetsOf: () => ({ paths: [], isAlias: false }) };
}

/** Configurations that build on one another; more is a circle. */
const MOST_EXTENDED = 8;

/** Generated code, installed packages, and parts with an environment of their own. */
function isLeftOut(path: string, contract: CodeContract): boolean {
  const parts = path.split('/');
  if (parts.includes(contract.generated) || parts.includes('node_modules')) return true;
  return isRelative(path) && (parts.at(-1) ?? '').startsWith(contract.declaration.stem);
}

function linkKey(path: string, specifier: string): string {
  return JSON.stringify([path, specifier]);
}

function unread(summary: string): Diagnostic {
  return { severity: 'error', code: 'CVG808', summary };
}

function tooDeep(file: string): Diagnostic {
  return {
    severity: 'error',
    code: 'CVG807',
    summary: 'this is not code that can be read: it is nested too deeply',
    where: { file, line: 1, column: 1 },
  };
}

function notFollowed(from: string, module: CodeModule, node: Node): Diagnostic {
  return {
    severity: 'warning',
    code: 'CVG809',
    summary: `the import of ${JSON.stringify(from)} is not followed: it leads to no file of the app`,
    hint: 'What is read there is not known. Relative paths and `paths` of tsconfig.json are followed.',
    where: placeOf(module, node),
  };
}

/** Null where the tree is deeper than the stack. */
function safely<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
