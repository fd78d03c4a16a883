import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sanitize } from '../../report/sanitize.ts';
import { parseSeed, type SandboxSeed } from '../../sandbox/seed.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { SandboxOptions } from '../sandbox-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { listenForInterrupt } from '../signals.ts';

/** Serves the embedded platform until it is told to end: exit 0, since that is what was asked for. */
export async function runSandbox(options: SandboxOptions, session: Session): Promise<ExitCode> {
  const { io } = session;
  const seed = options.seed === undefined ? null : await readSeed(options.seed, io.cwd);
  if (seed?.type === 'unusable') {
    io.stderr.write(`converge: ${sanitize(seed.why)}\n`);
    return EXIT.error;
  }
  const interrupt = listenForInterrupt(io.signals, () => undefined);
  try {
    const sandbox = await startSandbox({
      port: options.port,
      dialect: options.dialect,
      latencyMs: options.latency,
      ...(options.rate === undefined ? {} : { rate: options.rate }),
      ...(seed === null ? {} : { seed: seed.seed }),
    });
    io.stdout.write(`${sandbox.url}\n`);
    if (!interrupt.drain.aborted) await once(interrupt.drain, 'abort');
    await sandbox.close();
    return EXIT.done;
  } catch (error) {
    // A port that is taken, or a seed that contradicts itself.
    io.stderr.write(
      `converge: the sandbox cannot start: ${sanitize(error instanceof Error ? error.message : String(error))}\n`,
    );
    return EXIT.error;
  } finally {
    interrupt.dispose();
  }
}

type Seed = { readonly type: 'read'; readonly seed: SandboxSeed } | { readonly type: 'unusable'; readonly why: string };

async function readSeed(file: string, cwd: string): Promise<Seed> {
  try {
    return { type: 'read', seed: parseSeed(await readFile(path.resolve(cwd, file), 'utf8'), file) };
  } catch (error) {
    return { type: 'unusable', why: error instanceof Error ? error.message : String(error) };
  }
}
