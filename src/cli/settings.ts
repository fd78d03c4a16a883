import { apiUrlFrom } from '../compose/api-url.ts';
import { DEFAULT_FILE, type Settings } from '../compose/contract.ts';
import type { CommonOptions, ScopeOptions } from './options.ts';
import type { PolicyOptions } from './policy-option.ts';
import { UsageError } from './usage-error.ts';

/** argv and environment → {@link Settings}. `only` is what a single command adds. Throws {@link UsageError}. */
export function settingsOf(
  options: CommonOptions,
  env: Readonly<Record<string, string | undefined>>,
  only: Partial<ScopeOptions & PolicyOptions> & { readonly allowUnresolved?: boolean } = {},
): Settings {
  return {
    files: options.file.length > 0 ? options.file : [DEFAULT_FILE],
    apiUrl: apiUrlOf(options.apiUrl, env),
    dialect: options.dialect,
    tokenFile: options.tokenFile ?? null,
    allowHosts: options.allowHost,
    caFile: options.caFile ?? null,
    allowPaths: options.allowPath,
    allowEnv: options.allowEnv ?? null,
    allowExec: options.allowExec === true,
    rate: options.rate,
    concurrency: options.concurrency,
    maxRequests: options.maxRequests ?? null,
    timeoutMs: options.timeout,
    scope: { target: only.target ?? [], exclude: only.exclude ?? [] },
    warningsAsErrors: options.warningsAsErrors ?? false,
    suppress: options.suppress,
    allowUnresolved: only.allowUnresolved ?? false,
    ...(only.policy !== undefined && only.policy.length > 0 && { policies: only.policy }),
  };
}

function apiUrlOf(flag: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const url = apiUrlFrom(flag, env, '--api-url');
  if (typeof url !== 'string') throw new UsageError(url.why, url.hint ?? null);
  return url;
}
