// Sources that run programs, resolved for a state file `state/main.yaml` that came through `-f state`.
import { expect } from 'vitest';
import { systemClock } from '../../src/compose/machine.ts';
import { reveal } from '../../src/model/secret.ts';
import { sourceId, type Resolved, type SourceRef } from '../../src/model/source.ts';
import { resolveSources, type SourceOptions } from '../../src/sources/resolve-sources.ts';

/** Printed by programs where it must not be told. */
export const SECRET = 'hunter2-very-secret';
export const WHERE = { file: 'state/main.yaml', line: 3, column: 7 };
export const PATH = '/usr/local/bin:/usr/bin:/bin';

export function fromCommand(argv: readonly string[], more: { allowEmpty?: boolean; keepNewline?: boolean } = {}) {
  return { from: 'command', argv, allowEmpty: false, keepNewline: false, where: WHERE, ...more } as const;
}

export async function resolve(
  ref: SourceRef,
  options: Partial<SourceOptions> & Pick<SourceOptions, 'cwd'>,
): Promise<Resolved> {
  const resolution = await resolveSources([ref], sourceOptions(options));
  const resolved = resolution.get(sourceId(ref));
  if (resolved === undefined) throw new Error('not resolved');
  return resolved;
}

export function sourceOptions(options: Partial<SourceOptions> & Pick<SourceOptions, 'cwd'>): SourceOptions {
  return {
    env: { PATH },
    roots: new Map([[WHERE.file, `${options.cwd}/state`]]),
    allowPaths: [],
    allowEnv: null,
    allowExec: true,
    clock: systemClock,
    ...options,
  };
}

/** The text, the texts by name, or the code and summary of the diagnostic; fails when a message holds the secret. */
export async function outcome(
  ref: SourceRef,
  options: Partial<SourceOptions> & Pick<SourceOptions, 'cwd'>,
): Promise<unknown> {
  const resolved = await resolve(ref, options);
  expect(JSON.stringify(resolved)).not.toContain(SECRET);
  switch (resolved.type) {
    case 'value':
      return { text: reveal(resolved.value) };
    case 'values':
      return Object.fromEntries(resolved.values.map(({ name, value }) => [name, reveal(value)]));
    case 'unresolved':
      return `${resolved.diagnostic.code} ${resolved.diagnostic.summary}`;
    default:
      return resolved satisfies never;
  }
}
