import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { disguise } from '../document/dump/disguise.ts';
import { valuesFileText } from '../document/dump/values-file.ts';
import type { Reference } from '../document/dump/name-references.ts';
import { companionLines, writeDocument } from '../document/dump/write-document.ts';
import type { WrittenDocument, WrittenName } from '../document/dump/write-document.ts';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { PlatformError } from '../model/error.ts';
import { kindsOf } from '../model/kinds.ts';
import type { Provider } from '../model/provider.ts';
import type { Target } from '../model/target.ts';
import { survey, type Survey } from '../reconcile/survey.ts';
import { scopeText, targetText } from '../report/target-text.ts';
import { isAmbientName } from '../sources/child-environment.ts';
import { encryptSops, isSopsName } from '../sources/encrypt-sops.ts';
import { VARIABLE_NAME } from '../sources/variable-name.ts';
import type { Effects, Settings } from './contract.ts';
import { judge } from './judge.ts';
import { openSession } from './session.ts';
import { platformDiagnostic } from './world.ts';

export interface DumpRequest {
  /** Also what a document need not say. */
  readonly all: boolean;
  readonly secrets: 'reference' | 'placeholder' | 'sops';
  /** All values in clear. */
  readonly includeValues: boolean;
  /** Names and values as salted hashes. */
  readonly sanitize: boolean;
  /** Of the hashes; absent: made by chance for this run. */
  readonly salt?: Uint8Array;
  /** The folder of the documents, one for the team and one for each thing at the top; null: one document. */
  readonly split: string | null;
  /** With `sops`: the file that holds the values. */
  readonly secretsFile: string;
  /** Also a file with the values of references, in clear; null: none. */
  readonly valuesFile: string | null;
  /** What the schema's line at the top names, for editors. */
  readonly schema: string;
  readonly signal: AbortSignal;
}

export type Dumped =
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly type: 'dumped';
      /** By file, relative to the working folder; null is the one that goes to stdout. */
      readonly documents: readonly { readonly file: string | null; readonly text: string }[];
      /** Files with the values: encrypted, or in clear where that was asked for. */
      readonly values: readonly { readonly file: string; readonly text: string; readonly clear: boolean }[];
      /** What has to be set outside, sorted by name. */
      readonly references: readonly Reference[];
      /** The same in lines, without values. */
      readonly companion: readonly string[];
      readonly declared: number;
      /** Some of it could not be read: the documents say what. */
      readonly partial: boolean;
      /** Warnings. */
      readonly diagnostics: readonly Diagnostic[];
    };

/** Live state → state documents. Reads only. Throws only when aborted. */
export async function dump(settings: Settings, effects: Effects, request: DumpRequest): Promise<Dumped> {
  const opened = await openSession(settings, effects);
  if (opened.type === 'failed') return { type: 'invalid', diagnostics: [opened.diagnostic] };
  const { provider } = opened;
  try {
    const identified = await provider.identify(request.signal);
    effects.onEvent({ type: 'observing', purpose: 'plan' });
    const { scope, maxRequests } = settings;
    const found = await survey(provider, { scope, maxRequests, signal: request.signal, onEvent: effects.onEvent });
    if ('wouldTake' in found) return { type: 'refused', diagnostics: [overBudget(found.wouldTake, maxRequests)] };
    const diagnostics = sortDiagnostics(judge([...found.diagnostics, ...topUnreadable(found, provider)], settings));
    if (hasErrors(diagnostics)) return { type: 'invalid', diagnostics };
    const target = { ...identified, teamId: provider.teamId?.() ?? identified.teamId, teamSlug: provider.teamSlug() };
    return await written(settings, effects, { request, found, provider, target, diagnostics });
  } catch (error) {
    if (error instanceof PlatformError && !request.signal.aborted)
      return { type: 'invalid', diagnostics: [platformDiagnostic(error)] };
    throw error;
  } finally {
    await provider.close();
  }
}

interface Ready {
  readonly request: DumpRequest;
  readonly found: Survey;
  readonly provider: Provider;
  readonly target: Target;
  readonly diagnostics: readonly Diagnostic[];
}

async function written(settings: Settings, effects: Effects, ready: Ready): Promise<Dumped> {
  const { request, found, provider, target, diagnostics } = ready;
  const kinds = kindsOf(provider.kinds);
  const salt = request.salt ?? randomBytes(32);
  const shown = request.sanitize ? disguise(found, kinds, salt) : found;
  const toSops = request.secrets === 'sops' && !request.includeValues;
  const made = writeDocument(
    {
      kinds,
      ...shown,
      all: request.all,
      clear: request.includeValues || request.sanitize,
      to: request.secrets === 'placeholder' ? null : toSops ? 'sops' : 'env',
    },
    {
      team: request.sanitize ? 'hidden' : (target.teamSlug ?? target.teamId),
      header: [
        `yaml-language-server: $schema=${request.schema}`,
        ...headerLines(settings, effects, ready),
        ...(found.unreadable.length === 0 ? [] : ['', ...missingLines(shown.unreadable)]),
      ],
      split: request.split !== null,
      sopsFile: toSops ? (name) => sopsPath(request, fileOf(name, request)) : null,
      isRefused: (name) => !VARIABLE_NAME.test(name) || isAmbientName(name) || (toSops && isSopsName(name)),
    },
  );
  const { references, documents, declared } = made;
  const encrypted =
    toSops && references.length > 0
      ? await encryptSops(references, request.secretsFile, { ...effects, signal: request.signal })
      : null;
  if (encrypted?.type === 'failed') {
    const { summary, hint } = encrypted;
    return { type: 'invalid', diagnostics: [{ severity: 'error', code: 'CVG401', summary, hint }] };
  }
  return {
    type: 'dumped',
    documents: withFiles(documents, request),
    values: [
      ...(encrypted === null ? [] : [{ file: request.secretsFile, text: encrypted.text, clear: false }]),
      ...(request.valuesFile === null || toSops || references.length === 0
        ? []
        : [{ file: request.valuesFile, text: valuesFileText(references), clear: true }]),
    ],
    references,
    companion: toSops ? [] : companionLines(references, request.secrets === 'placeholder'),
    declared,
    partial: found.unreadable.length > 0,
    diagnostics,
  };
}

function headerLines(settings: Settings, { version }: Effects, { request, target }: Ready): readonly string[] {
  if (request.sanitize)
    return [
      `Dumped by converge ${version} with --sanitize: names and values are salted hashes, equal where they were equal.`,
      'For reports of bugs: it describes no real team, and must not be applied to one.',
    ];
  const scope = scopeText(settings.scope);
  const values = request.includeValues ? ['It holds ALL values in clear: as secret as they are.'] : [];
  return [`Dumped by converge ${version}: ${targetText(target)}${scope === null ? '' : `, ${scope}`}.`, ...values];
}

/** At its place each of them is named. */
const MOST_NAMED = 50;

function missingLines(unreadable: Survey['unreadable']): readonly string[] {
  return [
    'NOT WHOLE: these could not be read, and are missing here:',
    ...unreadable.slice(0, MOST_NAMED).map(({ collection, error }) => `  ${collection}: ${error.message}`),
    ...(unreadable.length > MOST_NAMED ? [`  and ${String(unreadable.length - MOST_NAMED)} more`] : []),
  ];
}

/** Without what stands at the top nothing can be said. */
function topUnreadable({ unreadable }: Survey, { kinds }: Provider): readonly Diagnostic[] {
  const top = new Set(kinds.filter(({ parent }) => parent === null).map(({ collection }) => collection));
  return unreadable
    .filter(({ collection }) => top.has(collection))
    .map(({ collection, error }) => ({
      severity: 'error',
      code: error.code === 'unauthenticated' || error.code === 'forbidden' ? 'CVG602' : 'CVG601',
      summary: `${collection} cannot be read: ${error.message}`,
    }));
}

function overBudget(wouldTake: number, maxRequests: number | null): Diagnostic {
  return {
    severity: 'error',
    code: 'CVG604',
    summary: `the dump would take at least ${String(wouldTake)} requests, and --max-requests allows ${String(maxRequests)}`,
    hint: 'Allow more, or choose a part with --target and --exclude.',
  };
}

/** The team's document lies in the folder, the others in one folder for each collection. */
function fileOf(name: WrittenName, { split }: DumpRequest): string | null {
  if (split === null || name.of === 'all') return null;
  if (name.of === 'team') return path.join(split, 'team.yaml');
  return path.join(split, name.collection, `${encodeURIComponent(name.key)}.yaml`);
}

/** Two keys that differ only in case are one file on some disks. */
function withFiles(documents: readonly WrittenDocument[], request: DumpRequest) {
  const taken = new Set<string>();
  return documents.map(({ name, text }) => {
    const wanted = fileOf(name, request);
    if (wanted === null) return { file: null, text };
    let file = wanted;
    for (let n = 2; taken.has(file.toLowerCase()); n += 1) file = wanted.replace(/\.yaml$/, `-${String(n)}.yaml`);
    taken.add(file.toLowerCase());
    return { file, text };
  });
}

/** As the document says it: from its own folder, the working folder for the one on stdout. */
function sopsPath({ secretsFile }: DumpRequest, file: string | null): string {
  const relative = path.relative(file === null ? '.' : path.dirname(file), secretsFile);
  return relative.split(path.sep).join('/');
}
