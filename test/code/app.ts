// An app in memory: its files by path, read as the command reads them.
import { readCode } from '../../src/code/read-code.ts';
import type { CodeContract } from '../../src/model/code-contract.ts';
import type { CodeFiles } from '../../src/model/code-files.ts';
import type { CodeReading } from '../../src/model/code-reading.ts';
import { kindsFor } from '../../src/providers/registry.ts';

export const contract = contractOf();

export function filesOf(files: Readonly<Record<string, string>>): CodeFiles {
  return {
    list: (folder) => {
      const found = Object.keys(files).filter((path) => folder === '' || path.startsWith(`${folder}/`));
      return Promise.resolve({ files: found.sort(), unreadable: [] });
    },
    read: (path) => {
      const text = files[path];
      return Promise.resolve(text === undefined ? { type: 'none' } : { type: 'text', text });
    },
    shown: (path) => path,
  };
}

export function readApp(files: Readonly<Record<string, string>>): Promise<CodeReading> {
  return readCode(filesOf(files), contract);
}

/** `NAME`, with `?` where the code goes on without it: each use in the order of names, then of the text. */
export function usesOf({ variables }: CodeReading): readonly string[] {
  return variables.flatMap(({ name, uses }) => uses.map(({ tolerant }) => (tolerant ? `${name}?` : name)));
}

/** `CODE file:line` of each finding. */
export function findingsOf({ findings }: Pick<CodeReading, 'findings'>): readonly string[] {
  return findings.map(({ code, where }) => (where === undefined ? code : `${code} ${where.file}:${where.line}`));
}

function contractOf(): CodeContract {
  const found = kindsFor('official').find(({ code }) => code !== undefined)?.code;
  if (found === undefined) throw new Error('no kind is read by code');
  return found;
}
