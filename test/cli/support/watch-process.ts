import type { CliResult, RunningCli } from './spawn-cli.ts';

/** One line of the daemon's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface WatchProcess extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, once it listens. */
  readonly url: string;
  /** Every line so far. */
  readonly lines: readonly LogLine[];
  /** The first line after the last one that was waited for; the test's own time limit is the bound. */
  next(is: (line: LogLine) => boolean): Promise<LogLine>;
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  status(): Promise<Readonly<Record<string, unknown>>>;
  signal(name: NodeJS.Signals): void;
  readonly result: Promise<CliResult>;
}

/** Follows a `converge watch` that was started on a free port: its log says when what happens, so nothing is polled. */
export async function followWatch(running: RunningCli): Promise<WatchProcess> {
  const lines: LogLine[] = [];
  let rest = '';
  let wake: (() => void) | null = null;
  let seen = 0;
  let hasEnded = false;
  running.child.stderr.on('data', (text: string) => {
    const parts = `${rest}${text}`.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part.startsWith('{')) lines.push(JSON.parse(part) as LogLine);
    wake?.();
  });
  running.child.once('close', () => {
    hasEnded = true;
    wake?.();
  });
  const next = async (is: (line: LogLine) => boolean): Promise<LogLine> => {
    for (;;) {
      for (; seen < lines.length;) {
        const line = lines[seen++] as LogLine;
        if (is(line)) return line;
      }
      if (hasEnded) throw new Error(`it ended: ${(await running.result).stderr}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const listening = await next(({ msg }) => msg === 'listening');
  const url = String(listening['url']);
  const get = async (path: string): Promise<{ readonly status: number; readonly body: string }> => {
    const reply = await fetch(`${url}${path}`);
    return { status: reply.status, body: await reply.text() };
  };
  return {
    url,
    lines,
    next,
    get,
    status: async () => JSON.parse((await get('/api/status')).body) as Readonly<Record<string, unknown>>,
    signal: (name) => void running.child.kill(name),
    result: running.result,
    async [Symbol.asyncDispose]() {
      running.child.kill('SIGKILL');
      await running.result;
    },
  };
}

/** The end of a run, as the log says it. */
export function runEnded(fields: Readonly<Record<string, unknown>> = {}): (line: LogLine) => boolean {
  return (line) => line.msg === 'run ended' && Object.entries(fields).every(([name, value]) => line[name] === value);
}
