import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Secret } from '../model/secret.ts';
import type { Effects } from './contract.ts';

/** File with the bearer of requests that act. */
const TOKEN_FILE = 'CONVERGE_HTTP_TOKEN_FILE';
/** Names, with commas between, that requests may call the server by. */
const HOSTS = 'CONVERGE_HTTP_HOSTS';

/** Null: none is set. Throws where the file that is named gives none. */
export async function readBearer({ env, cwd }: Effects): Promise<Secret | null> {
  const file = env[TOKEN_FILE] ?? '';
  if (file === '') return null;
  const text = (await readFile(path.resolve(cwd, file), 'utf8')).trim();
  if (text === '') throw new Error('the file is empty');
  return new Secret(text);
}

/** In lower case. */
export function namesOf({ env }: Effects): readonly string[] {
  return (env[HOSTS] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}
