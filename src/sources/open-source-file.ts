import path from 'node:path';
import { describeSource, type Resolved, type SourceRef } from '../model/source.ts';
import { locate } from './locate.ts';
import { readRegularFile } from './read-regular-file.ts';
import { readText } from './read-text.ts';
import { unresolved } from './source-failure.ts';

export type FileRef = SourceRef & { readonly from: 'file' | 'dotenv' | 'sops' | 'sops-map' };

export interface OpenOptions {
  /** Absolute; where the paths of state files start from. */
  readonly cwd: string;
  /** Absolute folders that may be read from. */
  readonly folders: readonly string[];
  readonly maxBytes: number;
}

export type Opened =
  /** `absolute` as written, `real` with its links resolved. */
  | { readonly type: 'text'; readonly text: string; readonly absolute: string; readonly real: string }
  | { readonly type: 'missing'; readonly failure: Resolved }
  | { readonly type: 'failed'; readonly failure: Resolved };

/** The text of a file that a document names, under every rule for paths and contents (rules 15 and 16). */
export async function openSourceFile(ref: FileRef, options: OpenOptions): Promise<Opened> {
  const { where } = ref;
  const asked = describeSource(ref);
  const absolute = path.resolve(options.cwd, path.dirname(where.file), ref.path);
  const located = await locate(absolute, options.folders);
  switch (located.type) {
    case 'found':
      break;
    case 'missing': {
      const summary = `${asked}: there is no such file`;
      const hint = `The path is relative to the folder of ${where.file}.`;
      return { type: 'missing', failure: unresolved({ code: 'CVG401', where, summary, hint }) };
    }
    case 'outside': {
      const hint = 'Files lie under the folder of the -f argument, links resolved, or under an --allow-path folder.';
      return failed({ code: 'CVG403', where, summary: `${asked}: the path ${located.why}`, hint });
    }
    case 'forbidden': {
      const hint = 'No option allows this: put the value into a file or a variable of its own.';
      return failed({ code: 'CVG403', where, summary: `${asked}: the path ${located.why}`, hint });
    }
    case 'failed':
      return failed({ code: 'CVG401', where, summary: `${asked}: the file ${located.why}`, hint: CHECK_FILE });
    default:
      return located satisfies never;
  }
  const read = await readRegularFile(located.real, options.maxBytes);
  if (read.type === 'failed') {
    return failed({ code: 'CVG401', where, summary: `${asked}: the file ${read.why}`, hint: CHECK_FILE });
  }
  if (read.type === 'too-large') {
    const summary = `${asked}: the file is larger than ${options.maxBytes} bytes, the most that is read`;
    return failed({ code: 'CVG404', where, summary, hint: 'Check that the path names the file that you mean.' });
  }
  const content = readText(read.bytes);
  if ('why' in content) {
    const hint = 'Values are UTF-8 text without NUL; encode binary data, for example as base64.';
    return failed({ code: 'CVG404', where, summary: `${asked}: the file ${content.why}`, hint });
  }
  return { type: 'text', text: content.text, absolute, real: located.real };
}

const CHECK_FILE = 'It must be a regular file that this process may read.';

function failed(failure: Parameters<typeof unresolved>[0]): Opened {
  return { type: 'failed', failure: unresolved(failure) };
}
