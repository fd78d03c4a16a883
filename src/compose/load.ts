import path from 'node:path';
import { offlineFindings } from '../diff/invariant-findings.ts';
import { expand, sourcesOf } from '../document/expand.ts';
import { loadState } from '../document/load.ts';
import { ignoreFindings, withRulesInForce } from '../document/read-ignore-rules.ts';
import { pauseFindings } from '../document/read-pauses.ts';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { kindsOf, type AnyKind } from '../model/kinds.ts';
import type { DesiredState } from '../model/resource.ts';
import type { StateDocument } from '../document/state-document.ts';
import type { Resolution } from '../model/source.ts';
import { resolveSources } from '../sources/resolve-sources.ts';
import { readStateFiles } from '../sources/state-files.ts';
import type { Effects, FileTexts, Settings } from './contract.ts';
import { judge } from './judge.ts';
import { openWindows, type Windows } from './windows.ts';

/** A state file is read whole or not at all; more than this is a mistake or an attack. */
const LARGEST_STATE_FILE = 16 * 1024 * 1024;

const ALWAYS: Windows = { at: () => [] };

export interface Loaded {
  /** Null when there are errors. */
  readonly desired: DesiredState | null;
  /** What the documents say, as written; null where they could not be understood. */
  readonly state: StateDocument | null;
  /** What the sources gave; null where none was resolved. */
  readonly resolution: Resolution | null;
  readonly windows: Windows;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: FileTexts;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** Absolute paths of the files that sources read; empty where the documents could not be understood. */
  readonly sourceFiles: readonly string[];
}

/**
 * Files → desired state: read, parse, validate, resolve every source, expand. `offline` resolves none; `lenient` goes
 * on without what cannot be resolved and warns (`plan --allow-unresolved`). Throws only when aborted.
 */
export async function loadDesired(
  settings: Settings,
  effects: Effects,
  options: {
    readonly kinds: readonly AnyKind[];
    readonly sources: 'offline' | 'strict' | 'lenient';
    readonly signal?: AbortSignal;
  },
): Promise<Loaded> {
  const { kinds } = options;
  const read = await readStateFiles(settings.files, { cwd: effects.cwd, maxBytes: LARGEST_STATE_FILE });
  const bytes = new Map(read.files.map((file) => [file.path, file.bytes]));
  if (read.files.length === 0)
    return {
      desired: null,
      state: null,
      resolution: null,
      diagnostics: sortDiagnostics(read.diagnostics),
      texts: new Map(),
      bytes,
      sourceFiles: [],
      windows: ALWAYS,
    };
  const { state, diagnostics, texts } = loadState(read.files, kinds);
  let sourceFiles: readonly string[] = [];
  let resolution: Resolution | null = null;
  let windows: Windows = ALWAYS;
  const ended = (found: readonly Diagnostic[], desired: DesiredState | null): Loaded => {
    const judged = sortDiagnostics(judge(found, settings));
    const usable = hasErrors(judged) ? null : desired;
    return { desired: usable, state, resolution, diagnostics: judged, texts, bytes, sourceFiles, windows };
  };
  const found = [...read.diagnostics, ...diagnostics];
  if (state === null || hasErrors(found)) return ended(found, null);
  if (options.sources !== 'offline') {
    const refs = sourcesOf(state);
    sourceFiles = refs.flatMap((ref) =>
      'path' in ref ? [path.resolve(effects.cwd, path.dirname(ref.where.file), ref.path)] : [],
    );
    resolution = await resolveSources(refs, {
      env: effects.env,
      cwd: effects.cwd,
      roots: new Map(read.files.map((file) => [file.path, file.root])),
      allowPaths: settings.allowPaths,
      allowEnv: settings.allowEnv,
      allowExec: settings.allowExec,
      clock: effects.clock,
      ...(options.signal && { signal: options.signal }),
    });
    found.push(...unresolved(resolution, options.sources));
  }
  const expanded = expand(state, kinds, resolution);
  const opened = await openWindows(expanded.windows);
  if (opened.windows !== null) ({ windows } = opened);
  const now = effects.clock.now();
  const { desired } = expanded;
  const ofRules = [...pauseFindings(state.pauses, now), ...(desired === null ? [] : ignoreFindings(desired, now))];
  const inForce = desired === null ? null : withRulesInForce(desired, now);
  // With its sources resolved it is judged together with what is live.
  const ofInvariants =
    options.sources === 'offline' && inForce !== null ? offlineFindings(inForce, kindsOf(kinds)) : [];
  return ended([...found, ...expanded.diagnostics, ...opened.diagnostics, ...ofRules, ...ofInvariants], inForce);
}

function unresolved(resolution: Resolution, mode: 'strict' | 'lenient'): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const resolved of resolution.values()) {
    if (resolved.type !== 'unresolved') continue;
    found.push(mode === 'strict' ? resolved.diagnostic : { ...resolved.diagnostic, severity: 'warning' });
  }
  return found;
}
