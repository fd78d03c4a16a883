import { parse } from 'dotenv';
import type { Place } from '../model/place.ts';
import { Secret } from '../model/secret.ts';
import { describeSource, type Resolved, type SourceRef } from '../model/source.ts';
import { displayPath } from './display-path.ts';
import { openSourceFile, type OpenOptions } from './open-source-file.ts';
import { scanDotenv } from './scan-dotenv.ts';
import { unresolved } from './source-failure.ts';
import { VARIABLE_NAME } from './variable-name.ts';

const MAX_DOTENV_BYTES = 1024 * 1024;

type DotenvRef = SourceRef & { readonly from: 'dotenv' };

/**
 * The variables of a dotenv file as the `dotenv` package reads them (no interpolation, the last of a name wins), each
 * with its line. What that package would pass over in silence is an error here. Messages name lines, never names: in a
 * file that went wrong, a piece of a value may stand where a name should.
 */
export async function resolveDotenv(ref: DotenvRef, options: Omit<OpenOptions, 'maxBytes'>): Promise<Resolved> {
  const opened = await openSourceFile(ref, { ...options, maxBytes: MAX_DOTENV_BYTES });
  if (opened.type === 'missing' && ref.optional) return { type: 'values', values: [] };
  if (opened.type !== 'text') return opened.failure;
  const file = displayPath(opened.absolute, options.cwd);
  // The scanning parser: the package's other one takes time quadratic in blank lines.
  const parsed = parse(opened.text, { fast: true });
  const scan = scanDotenv(opened.text);
  const places = new Map(scan.entries.map(({ name, line, column }): [string, Place] => [name, { file, line, column }]));

  const misread = [
    ...scan.unread,
    ...scan.entries
      .filter(({ name }) => !VARIABLE_NAME.test(name) || !Object.hasOwn(parsed, name))
      .map(({ line }) => line),
  ];
  if (misread.length > 0) return invalidLines(ref, file, misread);

  const variables = Object.entries(parsed);
  const placeOf = (name: string): Place => places.get(name) ?? { file, line: 1, column: 1 };
  if (!ref.allowEmpty) {
    const empty = variables.filter(([, text]) => text === '').map(([name]) => placeOf(name).line);
    if (empty.length > 0) return emptyVariables(ref, file, empty);
    if (variables.length === 0 && !ref.optional) return noVariables(ref);
  }
  return {
    type: 'values',
    values: variables.map(([name, text]) => ({ name, value: new Secret(text), where: placeOf(name) })),
  };
}

function invalidLines(ref: DotenvRef, file: string, lines: readonly number[]): Resolved {
  const sorted = [...new Set(lines)].sort((a, b) => a - b);
  return unresolved({
    code: 'CVG404',
    where: { file, line: sorted[0] ?? 1, column: 1 },
    also: ref.where,
    summary: `${describeSource(ref)}: ${lineList(sorted)}: NAME=value with a valid name was expected`,
    hint: 'Names are letters, digits and _, not a digit first; values of several lines stand in quotes; comments begin with #.',
  });
}

function emptyVariables(ref: DotenvRef, file: string, lines: readonly number[]): Resolved {
  const sorted = lines.toSorted((a, b) => a - b);
  return unresolved({
    code: 'CVG402',
    where: { file, line: sorted[0] ?? 1, column: 1 },
    also: ref.where,
    summary: `${describeSource(ref)}: ${lineList(sorted)}: the variable has no value`,
    hint: 'A secret that does not exist often ends up as an empty text: write the value, or remove the line.',
  });
}

function noVariables(ref: DotenvRef): Resolved {
  return unresolved({
    code: 'CVG402',
    where: ref.where,
    summary: `${describeSource(ref)}: the file holds no variable`,
    hint: 'Check that it was written, or say optional: true if it may be empty.',
  });
}

/** `line 3`, `lines 3, 7 and 9`; at most ten are named. */
function lineList(lines: readonly number[]): string {
  const named = lines.slice(0, 10).map(String);
  const last = lines.length > 10 ? `${lines.length - 10} more` : named.pop();
  return named.length === 0 ? `line ${last}` : `lines ${named.join(', ')} and ${last}`;
}
