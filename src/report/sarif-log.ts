import { createHash } from 'node:crypto';
import { comparePlace, type Place } from '../model/place.ts';
import type { Claim } from './claim.ts';
import { compareText, type DocumentMeta } from './envelope-json.ts';
import { ruleHelp } from './rule-help.ts';
import { sanitize } from './sanitize.ts';

export interface SarifAbout extends DocumentMeta {
  /** What ran: results of one command never close those of another. */
  readonly command: string;
  /** False: the run ended in errors, and nothing follows from what is not listed. */
  readonly successful: boolean;
  /** A state file, as it was named: where what has no line of its own is shown. Null: none is known. */
  readonly document: string | null;
}

/** A SARIF 2.1.0 log with one run, as plain data. Equal claims give equal data, whatever their order and place. */
export function sarifLog(claims: readonly Claim[], about: SarifAbout) {
  const ordered = [...claims].sort(inOrder);
  const ids = [...new Set(ordered.map(({ rule }) => rule))];
  const index = new Map(ids.map((id, at) => [id, at]));
  const seen = new Map<string, number>();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0' as const,
    runs: [
      {
        tool: {
          driver: { name: 'converge', semanticVersion: about.tool, version: about.tool, rules: ids.map(ruleJson) },
        },
        automationDetails: { id: `converge/${about.command}/` },
        invocations: [{ executionSuccessful: about.successful, endTimeUtc: about.createdAt }],
        [ORIGINS]: { [ROOT]: { description: { text: 'The folder that the command ran in.' } } },
        columnKind: 'utf16CodeUnits' as const,
        results: ordered.map((claim) => {
          const print = fingerprintOf(claim);
          const before = seen.get(print) ?? 0;
          seen.set(print, before + 1);
          return resultJson(claim, {
            ruleIndex: index.get(claim.rule) ?? -1,
            fingerprint: `${print}:${String(before + 1)}`,
            document: about.document,
          });
        }),
      },
    ],
  };
}

function inOrder(a: Claim, b: Claim): number {
  return (
    compareText(a.rule, b.rule) ||
    compareText(a.address ?? '', b.address ?? '') ||
    compareText(a.message, b.message) ||
    comparePlace(a.where ?? undefined, b.where ?? undefined)
  );
}

function ruleJson(id: string) {
  const { title, meaning, remedy } = ruleHelp(id);
  return {
    id: sanitize(id),
    shortDescription: { text: sanitize(title) },
    fullDescription: { text: sanitize(meaning) },
    help: { text: sanitize(`${meaning} ${remedy}`), markdown: `${sanitize(meaning)}\n\n${sanitize(remedy)}` },
  };
}

function resultJson(
  { rule, level, message, where, also, address, accepted, facts = {} }: Claim,
  {
    ruleIndex,
    fingerprint,
    document,
  }: { readonly ruleIndex: number; readonly fingerprint: string; readonly document: string | null },
) {
  const place = where ?? (document === null ? null : { file: document, line: 1, column: 1 });
  return {
    ruleId: sanitize(rule),
    ruleIndex,
    level,
    message: { text: messageText(message) },
    locations: [
      {
        ...(place === null ? {} : physicalLocation(place)),
        ...(address === null
          ? {}
          : { logicalLocations: [{ fullyQualifiedName: sanitize(address), kind: 'resource' }] }),
      },
    ],
    ...(also === undefined ? {} : { relatedLocations: [{ id: 1, ...physicalLocation(also) }] }),
    partialFingerprints: { 'convergeClaim/v1': fingerprint },
    ...(accepted === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: messageText(accepted) }] }),
    ...(Object.keys(facts).length === 0 ? {} : { properties: facts }),
  };
}

/** What stays the same while lines move: rule, address, and of what has no address its sentence. */
function fingerprintOf({ rule, address, about = '' }: Claim): string {
  return createHash('sha256')
    .update(JSON.stringify([rule, address, about]))
    .digest('hex')
    .slice(0, 32);
}

function physicalLocation({ file, line, column }: Place) {
  return {
    physicalLocation: { artifactLocation: artifactLocation(file), region: { startLine: line, startColumn: column } },
  };
}

/** Paths below the folder of the run are relative to it; others are as they were named. */
function artifactLocation(file: string): { readonly uri: string; readonly [ORIGIN]?: string } {
  const uri = file.toWellFormed().replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  if (uri.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[A-Za-z]%3A\//.test(uri)) return { uri: `file:///${uri}` };
  return { uri, [ORIGIN]: ROOT };
}

/** Plain text in which `[text](target)` would be a link. */
function messageText(text: string): string {
  return sanitize(text).replace(/\[(?=[^\]]*\]\()/g, String.raw`\[`);
}

/** SARIF's words. */
const ORIGIN = 'uriBaseId';
const ORIGINS = 'originalUriBaseIds';

const ROOT = '%SRCROOT%';
