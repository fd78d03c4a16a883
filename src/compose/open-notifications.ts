import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Notifier, NotifierOptions } from '../daemon/notify/open-notifier.ts';
import type { SecretPlace, TargetOptions } from '../daemon/notify/read-notify-file.ts';
import { Secret } from '../model/secret.ts';
import type { Effects, Settings } from './contract.ts';
import { wayOut } from './session.ts';

/** What tells of runs, or what is wrong with the `--notify` file, one line each. */
export type OpenedNotifications =
  | { readonly notifier: Notifier; readonly close: (forMs: number) => Promise<void> }
  | { readonly problems: readonly string[] };

const MOST_FILE_BYTES = 256 * 1024;

/** Without a file there is nothing to open, and nothing is loaded. A secret that is missing at the start is a mistake that is said. */
export async function openNotifications(
  file: string | null,
  settings: Settings,
  options: { readonly effects: Effects } & Pick<NotifierOptions, 'mode' | 'session' | 'onNews'>,
): Promise<OpenedNotifications> {
  if (file === null) return { notifier: SILENT, close: () => Promise.resolve() };
  const { effects, mode, session, onNews } = options;
  const [{ readNotifyFile }, { openNotifier }, { openPoster }] = await Promise.all([
    import('../daemon/notify/read-notify-file.ts'),
    import('../daemon/notify/open-notifier.ts'),
    import('./post.ts'),
  ]);
  const absolute = path.resolve(effects.cwd, file);
  const text = await readFile(absolute, 'utf8').catch((error: NodeJS.ErrnoException) => ({ code: error.code }));
  if (typeof text !== 'string') return { problems: [`${file}: cannot be read (${text.code ?? 'unknown error'})`] };
  if (text.length > MOST_FILE_BYTES) return { problems: [`${file}: larger than ${MOST_FILE_BYTES} bytes`] };
  const read = readNotifyFile(text, file);
  if ('problems' in read) return read;
  const secret = secretsOf(effects, path.dirname(absolute));
  const missing = await missingSecrets(read.targets, secret);
  if (missing.length > 0) return { problems: missing.map((one) => `${file}: ${one}`) };
  const way = await wayOut(settings, effects);
  if ('type' in way) return { problems: [way.diagnostic.summary] };
  const poster = openPoster(way);
  const { clock, chance, version } = effects;
  const { targets } = read;
  const notifier = openNotifier({
    targets,
    clock,
    chance,
    tool: version,
    mode,
    session,
    post: poster.post,
    secret,
    onNews,
  });
  return {
    notifier,
    async close(forMs) {
      await notifier.close(forMs);
      await poster.close();
    },
  };
}

const SILENT: Notifier = {
  onRound: () => undefined,
  state: () => [],
  metrics: () => [],
  close: () => Promise.resolve(),
};

type Read = NotifierOptions['secret'];

function secretsOf({ env }: Pick<Effects, 'env'>, folder: string): Read {
  return async (place) => {
    if ('env' in place) {
      const text = env[place.env]?.trim() ?? '';
      return text === '' ? `${place.env} is not set in the environment, or is empty` : new Secret(text);
    }
    try {
      const text = (await readFile(path.resolve(folder, place.file), 'utf8')).trim();
      return text === '' ? 'its file is empty' : new Secret(text);
    } catch {
      return 'its file cannot be read';
    }
  };
}

async function missingSecrets(targets: readonly TargetOptions[], secret: Read): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, urlFrom, secretFrom } of targets) {
    const places: readonly (readonly [string, SecretPlace | null])[] = [
      ['urlFrom', urlFrom],
      ['secretFrom', secretFrom],
    ];
    for (const [key, place] of places) {
      const read = place === null ? null : await secret(place);
      if (typeof read === 'string') found.push(`target ${name}, ${key}: ${read}`);
    }
  }
  return found;
}
