import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CodeFile, CodeFiles } from '../model/code-files.ts';
import { compareCodePoints } from './code-point-order.ts';
import { describeFsError, isMissing } from './describe-fs-error.ts';
import { displayPath } from './display-path.ts';
import { readRegularFile } from './read-regular-file.ts';
import { readText } from './read-text.ts';

/** A file of code that is larger was not written by anybody. */
const LARGEST_FILE = 8 * 1024 * 1024;

/** The files under `folder` of an app. Nothing is executed, and only what is asked for is opened. */
export function openCodeFiles(folder: string, cwd: string): CodeFiles {
  const root = path.resolve(cwd, folder);
  return {
    async list(below) {
      const found: Found = { files: [], unreadable: [], visited: new Set() };
      await walk(path.join(root, below), below, found);
      return { files: found.files.sort(compareCodePoints), unreadable: found.unreadable };
    },
    read: (file) => readCodeFile(path.join(root, file)),
    shown: (file) => displayPath(path.join(folder, file), cwd),
  };
}

interface Found {
  readonly files: string[];
  readonly unreadable: { readonly path: string; readonly why: string }[];
  /** Real paths of the folders on the way: links may lead in circles. */
  readonly visited: Set<string>;
}

async function walk(folder: string, shown: string, found: Found): Promise<void> {
  try {
    const real = await realpath(folder);
    if (found.visited.has(real)) return;
    found.visited.add(real);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const below = shown === '' ? entry.name : `${shown}/${entry.name}`;
      const kind = await kindOf(path.join(folder, entry.name), entry);
      if (kind === 'folder') await walk(path.join(folder, entry.name), below, found);
      else if (kind === 'file') found.files.push(below);
    }
  } catch (error) {
    if (!isMissing(error)) found.unreadable.push({ path: shown, why: describeFsError(error) });
  }
}

/** Links count as what they lead to, as for the bundler; one that leads nowhere as nothing. */
async function kindOf(file: string, entry: Dirent): Promise<'file' | 'folder' | 'other'> {
  let what: Pick<Dirent, 'isFile' | 'isDirectory'> = entry;
  if (entry.isSymbolicLink()) {
    try {
      what = await stat(file);
    } catch {
      return 'other';
    }
  }
  return what.isDirectory() ? 'folder' : what.isFile() ? 'file' : 'other';
}

async function readCodeFile(file: string): Promise<CodeFile> {
  let real: string;
  try {
    real = await realpath(file);
  } catch (error) {
    return isMissing(error) ? { type: 'none' } : { type: 'unreadable', why: describeFsError(error) };
  }
  const read = await readRegularFile(real, LARGEST_FILE);
  if (read.type === 'too-large') return { type: 'unreadable', why: `it is larger than ${LARGEST_FILE} bytes` };
  if (read.type === 'failed')
    return read.why.startsWith('is a folder') ? { type: 'none' } : { type: 'unreadable', why: `it ${read.why}` };
  const text = readText(read.bytes);
  return 'text' in text
    ? { type: 'text', text: text.text.replace(/^\uFEFF/, '') }
    : { type: 'unreadable', why: `it ${text.why}` };
}
