import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** What stands at a path: a file's content, where a link points, or the lines of a program for `sh`. */
export type TreeEntry = string | Uint8Array | { readonly link: string } | { readonly script: string };

/** A folder of its own for one test, removed when the test ends. Returns its real path. */
export function tempTree(entries: Readonly<Record<string, TreeEntry>>): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'converge-sources-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, entry] of Object.entries(entries)) {
    const at = path.join(root, name);
    mkdirSync(path.dirname(at), { recursive: true });
    if (typeof entry === 'string' || entry instanceof Uint8Array) writeFileSync(at, entry);
    else if ('script' in entry) writeFileSync(at, `#!/bin/sh\n${entry.script}`, { mode: 0o755 });
    else symlinkSync(entry.link, at);
  }
  return root;
}
