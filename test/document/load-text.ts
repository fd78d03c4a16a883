import { expand } from '../../src/document/expand.ts';
import { stateLoader, type LoadedState } from '../../src/document/load.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { DesiredResource, DesiredState } from '../../src/model/resource.ts';
import type { Resolution } from '../../src/model/source.ts';
import { testKinds } from './kinds.ts';

const load = stateLoader(testKinds);

/** Loads texts by path; one text alone stands in `a.yaml`. */
export function loadText(texts: string | Readonly<Record<string, string>>): LoadedState {
  const files = Object.entries(typeof texts === 'string' ? { 'a.yaml': texts } : texts);
  return load(files.map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) })));
}

export function loadBytes(bytes: Uint8Array): LoadedState {
  return load([{ path: 'a.yaml', bytes }]);
}

/** `line:column code summary`, with the file's name where it is not `a.yaml`. */
export function say({ where, code, summary }: Diagnostic): string {
  const file = where === undefined || where.file === 'a.yaml' ? '' : `${where.file}:`;
  return `${file}${where === undefined ? '-' : `${where.line}:${where.column}`} ${code} ${summary}`;
}

/** What loading says about the text. */
export function saidOf(texts: string | Readonly<Record<string, string>>): readonly string[] {
  return loadText(texts).diagnostics.map(say);
}

/** The text's diagnostics, warnings of loading and findings of expanding, as the command line would show them. */
export function allSaidOf(texts: string | Readonly<Record<string, string>>): readonly string[] {
  const { state, diagnostics } = loadText(texts);
  const more = state === null ? [] : expand(state, testKinds, null).diagnostics;
  return [...diagnostics, ...more].map(say);
}

/** Loads and expands a text that must be valid. */
export function desiredOf(
  texts: string | Readonly<Record<string, string>>,
  resolution: Resolution | null = null,
): DesiredState {
  const { state, diagnostics } = loadText(texts);
  if (state === null) throw new Error(`invalid: ${diagnostics.map(say).join('\n')}`);
  const expanded = expand(state, testKinds, resolution);
  if (expanded.desired === null) throw new Error(`invalid: ${expanded.diagnostics.map(say).join('\n')}`);
  return expanded.desired;
}

export function resourceAt(desired: DesiredState, address: string): DesiredResource {
  const found = desired.resources.find((resource) => resource.address === address);
  if (found === undefined)
    throw new Error(`${address} is not among ${desired.resources.map((r) => r.address).join(' ')}`);
  return found;
}

/** The lines of a document about one deployment, `shop/main`; `lines` are its own keys. */
export function deploymentWith(lines: string, top = ''): string {
  const indented = lines.replace(/^(?=.)/gm, '        ');
  return `version: 1\nteam: acme\n${top}projects:\n  - slug: shop\n    deployments:\n      - reference: main\n${indented}\n`;
}
