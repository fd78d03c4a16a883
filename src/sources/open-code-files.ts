import { readdir, realpath } from 'node:fs/promises';
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
      const found: string[] = [];
      const isThere = await walk(path.join(root, below), below, found);
      return isThere ? found.sort(compareCodePoints) : null;
    },
    read: (file) => readCodeFile(path.join(root, file)),
    shown: (file) => displayPath(path.join(folder, file), cwd),
  };
}

async function walk(folder: string, shown: string, found: string[]): Promise<boolean> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    return false;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const below = shown === '' ? entry.name : `${shown}/${entry.name}`;
    // Links are not followed: they may lead in circles, and what is deployed is followed by its imports.
    if (entry.isDirectory()) await walk(path.join(folder, entry.name), below, found);
    else if (entry.isFile()) found.push(below);
  }
  return true;
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
