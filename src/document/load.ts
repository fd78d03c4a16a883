import { hasErrors, sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { Place } from '../model/place.ts';
import { append } from './append.ts';
import { capped } from './cap.ts';
import { NEWEST_VERSION } from './document-schema.ts';
import { expand } from './expand.ts';
import { unknownSets } from './links.ts';
import { masker } from './mask.ts';
import { mergeFragments } from './merge.ts';
import { parseYaml } from './parse.ts';
import { plainTree, type FileContext } from './plain-tree.ts';
import { positionRecorder, type Positions } from './positions.ts';
import { readDocument, type Fragment } from './read-document.ts';
import { readerOf } from './reader.ts';
import { nullSummary } from './show.ts';
import { readText } from './source-text.ts';
import type { StateDocument } from './state-document.ts';
import { isMap, type Tree } from './tree.ts';
import { shapeValidator, type Validate } from './validate.ts';

/** One file's content. `path` is as users should read it, and what paths inside the file are relative to. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The outcome of loading a set of files. */
export interface LoadedState {
  /** Null exactly when there are errors. */
  readonly state: StateDocument | null;
  /** All of them, sorted by place; of one file at most a few hundred. */
  readonly diagnostics: readonly Diagnostic[];
  /** By path, for code frames: the files' texts with all that could be a value masked, line and column unchanged. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Files → one state document: parses, validates, reads and merges all of them. Total: no bytes make it throw. */
export function loadState(files: readonly SourceFile[], kinds: readonly AnyKind[]): LoadedState {
  return stateLoader(kinds)(files);
}

/** {@link loadState} with the schema compiled once, for many loads. */
export function stateLoader(kinds: readonly AnyKind[]): (files: readonly SourceFile[]) => LoadedState {
  const validate = shapeValidator(kinds);
  const mask = masker(kinds);
  return (files) => {
    const texts = new Map<string, string>();
    const diagnostics: Diagnostic[] = [];
    const fragments: Fragment[] = [];
    let whole = true;
    for (const file of new Map(files.map((file) => [file.path, file])).values()) {
      const source = readText(file);
      if ('code' in source) {
        diagnostics.push(source);
        whole = false;
        continue;
      }
      const parsed = parseYaml(source);
      append(diagnostics, parsed.diagnostics);
      texts.set(file.path, mask(source.text, parsed));
      const spoilt = parsed.brokenAt !== null;
      if (spoilt) whole = false;
      const context: FileContext = { source, positions: positionRecorder(), diagnostics, expanded: 0 };
      for (const node of spoilt ? [] : parsed.documents) {
        const where = source.placeAt(node.range[0]);
        const { positions } = context;
        const fragment = readRoot(plainTree(node, context), { where, positions, kinds, validate, diagnostics });
        if (fragment === null) whole = false;
        else fragments.push(fragment);
      }
    }
    if (fragments.length === 0 && whole) return { state: null, diagnostics: [nothing(files), ...diagnostics], texts };
    const merged = mergeFragments(fragments);
    // A second declaration is one whatever the part that cannot be read holds; what is missing may be in there.
    append(diagnostics, whole ? merged.diagnostics : merged.diagnostics.filter(({ code }) => code === 'CVG301'));
    if (whole) append(diagnostics, unknownSets(merged.state));
    const invalid = hasErrors(diagnostics);
    // What follows from the rest is worth saying at once, unless a part of the picture is missing.
    if (invalid && whole) append(diagnostics, expand(merged.state, kinds, null).diagnostics);
    return { state: invalid ? null : merged.state, diagnostics: capped(sortDiagnostics(diagnostics)), texts };
  };
}

interface Reading {
  readonly where: Place;
  readonly positions: Positions;
  readonly kinds: readonly AnyKind[];
  readonly validate: Validate;
  readonly diagnostics: Diagnostic[];
}

function readRoot(root: Tree, { where, positions, kinds, validate, diagnostics }: Reading): Fragment | null {
  const error = (found: Omit<Diagnostic, 'severity'>): null => {
    diagnostics.push({ severity: 'error', ...found });
    return null;
  };
  if (!isMap(root)) return error({ code: 'CVG202', summary: 'a state document must be a map', where });
  const version = root['version'];
  if (version !== undefined && version !== NEWEST_VERSION) {
    if (positions.isReported(root, 'version')) return null;
    const at = positions.keyPlace(root, 'version');
    if (version === null) {
      const summary = nullSummary('`version`', positions.plainText(root, 'version'));
      return error({ code: 'CVG204', summary, where: at });
    }
    return error({ code: 'CVG206', ...unknownVersion(version), where: at });
  }
  const validation = validate(root, positions);
  const reader = readerOf(kinds, positions, validation.accepts);
  const fragment = readDocument(reader, root, where);
  append(diagnostics, validation.diagnostics);
  append(diagnostics, reader.diagnostics);
  return fragment;
}

function unknownVersion(version: Tree): Pick<Diagnostic, 'summary' | 'hint'> {
  // What is no version may be a value in the wrong place, and is not repeated.
  const written = /^"?v?[\d.]{1,8}"?$/.exec(JSON.stringify(version))?.[0];
  const what = written === undefined ? 'unknown version' : `unknown version ${written}`;
  const summary = `${what}: the newest that this tool knows is ${NEWEST_VERSION}`;
  return version === String(NEWEST_VERSION)
    ? { summary, hint: `Write it without quotes: ${NEWEST_VERSION}` }
    : { summary };
}

function nothing(files: readonly SourceFile[]): Diagnostic {
  const file = files.map(({ path }) => path).toSorted()[0];
  return {
    severity: 'error',
    code: 'CVG203',
    summary: 'the key `version` is missing: the files say nothing',
    hint: 'Start with `version: 1` and `team: slug`.',
    ...(file !== undefined && { where: { file, line: 1, column: 1 } }),
  };
}
