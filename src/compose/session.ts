import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Provider } from '../model/provider.ts';
import { Secret } from '../model/secret.ts';
import { proxiesOf, type Proxies } from '../providers/http/proxies.ts';
import { openProvider } from '../providers/registry.ts';
import type { Effects, Settings } from './contract.ts';
import { openOwnPlatform } from './platform.ts';

const TOKEN_VARIABLE = 'CONVEX_TEAM_ACCESS_TOKEN';

export type Opened =
  | { readonly type: 'open'; readonly provider: Provider }
  | { readonly type: 'failed'; readonly diagnostic: Diagnostic };

/** Opens the platform that the settings name. Sends nothing. Whoever opens it closes it. */
export async function openSession(settings: Settings, effects: Effects): Promise<Opened> {
  if (settings.platform !== undefined)
    return { type: 'open', provider: await openOwnPlatform(settings.platform, effects) };
  const token = await readToken(settings, effects);
  if (typeof token === 'string') return { type: 'failed', diagnostic: noToken(token) };
  const way = await wayOut(settings, effects);
  if ('type' in way) return way;
  return {
    type: 'open',
    provider: openProvider({
      dialect: settings.dialect,
      kinds: settings.kinds,
      apiUrl: settings.apiUrl,
      token,
      ca: way.ca,
      allowHosts: settings.allowHosts,
      proxies: way.proxies,
      rate: settings.rate,
      concurrency: settings.concurrency,
      timeoutMs: settings.timeoutMs,
      clock: effects.clock,
      chance: effects.chance,
      onEvent: effects.onEvent,
      mayWrite: effects.mayWrite,
      version: effects.version,
      ...(effects.openClient && { openClient: effects.openClient }),
    }),
  };
}

/** How requests leave this machine: further authorities and proxies. */
export interface WayOut {
  /** PEM; null: the usual authorities. */
  readonly ca: string | null;
  readonly proxies: Proxies;
}

/** `--ca-file` and the proxies of the environment. */
export async function wayOut(
  { caFile }: Pick<Settings, 'caFile'>,
  effects: Pick<Effects, 'env' | 'cwd'>,
): Promise<WayOut | Extract<Opened, { type: 'failed' }>> {
  let ca: string | null = null;
  if (caFile !== null) {
    const pem = await readText(effects, caFile);
    if (pem === null)
      return {
        type: 'failed',
        diagnostic: { severity: 'error', code: 'CVG601', summary: `--ca-file ${caFile} cannot be read` },
      };
    if (!holdsCertificate(pem)) return { type: 'failed', diagnostic: noCertificate(caFile) };
    ca = pem;
  }
  const found = proxiesOf(effects.env);
  if ('invalid' in found) return { type: 'failed', diagnostic: noProxy(found.invalid) };
  return { ca, proxies: found.proxies };
}

/** The token, or why there is none: one sentence. */
export async function readToken(settings: Settings, effects: Effects): Promise<Secret | string> {
  if (settings.token !== undefined) return settings.token;
  if (settings.tokenFile === null) {
    const text = effects.env[TOKEN_VARIABLE]?.trim() ?? '';
    return text === '' ? `no token: neither --token-file nor ${TOKEN_VARIABLE} is given` : new Secret(text);
  }
  const text = await readText(effects, settings.tokenFile);
  if (text === null) return `--token-file ${settings.tokenFile} cannot be read`;
  return text.trim() === '' ? `--token-file ${settings.tokenFile} is empty` : new Secret(text.trim());
}

async function readText(effects: Pick<Effects, 'cwd'>, path: string): Promise<string | null> {
  try {
    return await readFile(resolve(effects.cwd, path), 'utf8');
  } catch {
    return null;
  }
}

function noToken(summary: string): Diagnostic {
  return {
    severity: 'error',
    code: 'CVG602',
    summary,
    hint: 'Create a team access token in the team settings of the Convex dashboard and put it in a file or in the environment; it is never an argument.',
  };
}

/** The TLS library passes over what it cannot read, and every host would then be refused without a reason. */
function holdsCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function noCertificate(file: string): Diagnostic {
  return {
    severity: 'error',
    code: 'CVG601',
    summary: `--ca-file ${file} holds no certificate in PEM form`,
    hint: 'It begins with -----BEGIN CERTIFICATE-----; several may follow each other.',
  };
}

function noProxy(name: string): Diagnostic {
  return {
    severity: 'error',
    code: 'CVG601',
    summary: `${name} of the environment is not the URL of an http or https proxy`,
    hint: 'Write it as http://proxy.example.com:3128, or unset it.',
  };
}
