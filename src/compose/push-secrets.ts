import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PushSecret } from '../model/hints.ts';
import { Secret } from '../model/secret.ts';
import type { Effects } from './contract.ts';

/** File with the secrets that deliveries are signed with. */
export const PUSH_SECRETS = 'CONVERGE_WEBHOOK_SECRET_FILE';

const MOST_LINES = 10_000;

/**
 * The secrets as the file says them now, so that they may be rotated: a line each, `SECRET` for deliveries that name
 * nobody in their address, or `NAME SECRET`. Null: no file is named. Throws where it cannot be read or says nothing.
 */
export async function readPushSecrets({
  env,
  cwd,
}: Pick<Effects, 'env' | 'cwd'>): Promise<readonly PushSecret[] | null> {
  const file = env[PUSH_SECRETS] ?? '';
  if (file === '') return null;
  const text = await readFile(path.resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`the file cannot be read (${error.code ?? 'unknown'})`);
  });
  const lines = text.split('\n').map((line) => line.trim());
  const secrets = lines.flatMap((line, index): PushSecret[] => {
    if (line === '') return [];
    const [first = '', second, third] = line.split(/\s+/);
    if (third !== undefined) throw new Error(`line ${index + 1} should be SECRET, or NAME SECRET`);
    return [second === undefined ? { of: null, secret: new Secret(first) } : { of: first, secret: new Secret(second) }];
  });
  if (secrets.length === 0) throw new Error('the file holds no secret');
  if (lines.length > MOST_LINES) throw new Error(`the file has more than ${MOST_LINES} lines`);
  return secrets;
}
