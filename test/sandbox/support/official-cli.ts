import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../node_modules/convex/bin/main.js', import.meta.url));
const PRELOAD = pathToFileURL(fileURLToPath(new URL('../../kit/loopback-only.mjs', import.meta.url))).href;

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program in a process that reaches no other machine. Ends at the latest after `timeout` ms, then with code null. */
export async function runOnLoopback(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Run> {
  const child = spawn(process.execPath, ['--import', PRELOAD, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    timeout: 15_000,
  });
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = await once(child, 'close');
  return { code: code as number | null, stdout, stderr };
}

/** The official CLI (npm `convex`) in an empty project, for one deployment of a sandbox. */
export async function officialCli(
  sandboxUrl: string,
  { url, key }: { readonly url: string; readonly key: string },
): Promise<(...args: readonly string[]) => Promise<Run>> {
  const cwd = await mkdtemp(path.join(os.tmpdir(), 'official-cli-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  // It works only in a project that depends on the package.
  await writeFile(path.join(cwd, 'package.json'), '{ "dependencies": { "convex": "*" } }');
  const env = {
    HOME: cwd,
    CONVEX_SELF_HOSTED_URL: url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: key,
    // Error reports go out only where the host is Convex's own and CI is not set; version checks go where this says.
    CI: '1',
    CONVEX_PROVISION_HOST: sandboxUrl,
    CONVEX_VERSION_API_ORIGIN: sandboxUrl,
  };
  return (...args) => runOnLoopback([MAIN, ...args], { cwd, env });
}
