import type { Settings } from '../compose/contract.ts';
import type { CommonOptions, ScopeOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

const DEFAULT_FILE = 'convex.state.yaml';
const DEFAULT_HOST = 'https://api.convex.dev';

/** argv and environment → {@link Settings}. `only` is what a single command adds. Throws {@link UsageError}. */
export function settingsOf(
  options: CommonOptions,
  env: Readonly<Record<string, string | undefined>>,
  only: Partial<ScopeOptions> & { readonly allowUnresolved?: boolean } = {},
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
  };
}

/** With `/v1` and without a slash at its end; the flag, the official CLI's variable, or Convex itself. */
function apiUrlOf(flag: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const fromEnv = env['CONVEX_PROVISION_HOST'];
  const [name, text] =
    flag !== undefined
      ? ['--api-url', flag]
      : ['CONVEX_PROVISION_HOST', fromEnv === undefined || fromEnv === '' ? DEFAULT_HOST : fromEnv];
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new UsageError(`${name} is not an http(s) URL`, 'write it as https://api.convex.dev');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError(`${name} must be a plain URL: no credentials, no query, no fragment`);
  }
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  return base.endsWith('/v1') ? base : `${base}/v1`;
}
