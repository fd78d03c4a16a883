import type { Diagnostic } from '../model/diagnostic.ts';
import type { Place } from '../model/place.ts';

/** A file that is text. Offsets count UTF-16 units from 0, without the byte order mark. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
  placeAt(offset: number): Place;
}

/** Larger files are refused unread: parsing takes about a second and 100 MB for every two megabytes. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Bytes → text: UTF-8 without NUL, at most {@link MAX_FILE_BYTES}. */
export function readText(file: { readonly path: string; readonly bytes: Uint8Array }): SourceText | Diagnostic {
  const start = { file: file.path, line: 1, column: 1 };
  if (file.bytes.byteLength > MAX_FILE_BYTES) {
    const summary = `the file has ${file.bytes.byteLength} bytes; at most ${MAX_FILE_BYTES} are read`;
    return { severity: 'error', code: 'CVG103', summary, hint: 'Split it into several files.', where: start };
  }
  const text = decode(file.bytes);
  if (text === null) {
    const valid = new TextDecoder().decode(file.bytes.subarray(0, validPrefix(file.bytes)));
    const where = sourceText(file.path, valid).placeAt(valid.length);
    return { severity: 'error', code: 'CVG105', summary: 'the file is not valid UTF-8', where };
  }
  const source = sourceText(file.path, text);
  const nul = text.indexOf('\0');
  if (nul === -1) return source;
  return { severity: 'error', code: 'CVG105', summary: 'the file holds a NUL byte', where: source.placeAt(nul) };
}

/** Line and column for every offset of `text`. */
export function sourceText(path: string, text: string): SourceText {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return {
    path,
    text,
    placeAt(offset) {
      let low = 0;
      let high = lineStarts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((lineStarts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { file: path, line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
    },
  };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The length of the longest prefix that is valid, by bisection. */
function validPrefix(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.byteLength;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startsValid(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Valid so far: an unfinished sequence at the end does not count against it. */
function startsValid(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
