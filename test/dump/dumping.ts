// One dump and the plan after it, in this process, over real HTTP.
import { join } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Effects, Planned, Settings } from '../../src/compose/contract.ts';
import { plan } from '../../src/compose.ts';
import { dump, type Dumped, type DumpRequest } from '../../src/compose/dump.ts';
import { NO_CONSENT } from '../../src/model/consent.ts';
import { reveal } from '../../src/model/secret.ts';
import type { Dialect } from '../../src/providers/registry.ts';
import { systemClock } from '../../src/compose/machine.ts';

export const REQUEST: DumpRequest = {
  all: false,
  secrets: 'reference',
  includeValues: false,
  sanitize: false,
  split: null,
  secretsFile: 'secrets.sops.yaml',
  valuesFile: null,
  schema: 'schema.json',
  signal: new AbortController().signal,
};

export function settingsFor(url: string, dialect: Dialect): Settings {
  return {
    files: ['convex.state.yaml'],
    apiUrl: `${url}/v1`,
    dialect,
    tokenFile: null,
    allowHosts: [],
    caFile: null,
    allowPaths: [],
    allowEnv: null,
    allowExec: false,
    rate: 100_000,
    concurrency: 8,
    maxRequests: null,
    timeoutMs: 30_000,
    scope: { target: [], exclude: [] },
    warningsAsErrors: false,
    suppress: [],
    allowUnresolved: false,
  };
}

export function effectsIn(cwd: string, env: Readonly<Record<string, string>> = {}): Effects {
  return {
    env: { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', ...env },
    cwd,
    clock: systemClock,
    chance: () => 0.5,
    onEvent: () => undefined,
    version: '0.0.0',
  };
}

export type Done = Extract<Dumped, { type: 'dumped' }>;

/** Dumps, and insists that it worked. */
export async function dumpOf(settings: Settings, request: Partial<DumpRequest> = {}): Promise<Done> {
  const dumped = await dump(settings, effectsIn('/'), { ...REQUEST, ...request });
  if (dumped.type !== 'dumped') throw new Error(JSON.stringify(dumped.diagnostics));
  return dumped;
}

/** Writes the documents into the folder and plans them, with the environment set as the companion list asks. */
export async function planAfter(settings: Settings, dumped: Done, cwd: string): Promise<Planned> {
  for (const { file, text } of dumped.documents) {
    const at = join(cwd, file ?? 'convex.state.yaml');
    await mkdir(join(at, '..'), { recursive: true });
    await writeFile(at, text);
  }
  const files = dumped.documents.map(({ file }) => file ?? 'convex.state.yaml');
  const signal = new AbortController().signal;
  return plan({ ...settings, files }, effectsIn(cwd, environmentFor(dumped)), { consent: NO_CONSENT, signal });
}

/** What a person would set: the value, and one newline more where the list says so. */
export function environmentFor({ references }: Done): Readonly<Record<string, string>> {
  return Object.fromEntries(
    references.map(({ name, value, finalNewline }) => [name, `${reveal(value)}${finalNewline ? '\n' : ''}`]),
  );
}
