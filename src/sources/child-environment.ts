import path from 'node:path';
import { anyGlob } from '../model/glob.ts';
import { isCredentialName, type EnvOptions } from './resolve-env.ts';

/** What every program needs to find its files, its programs and the user's language. In upper case, for Windows. */
const PLAIN: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'LC_*',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'XDG_*',
  'SYSTEMROOT',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'PATHEXT',
];

/** What the sops program needs beside that to reach the keys. */
const SOPS: readonly string[] = [
  'SOPS_*',
  'GNUPGHOME',
  'GPG_TTY',
  'AWS_*',
  'GOOGLE_*',
  'CLOUDSDK_*',
  'AZURE_*',
  'VAULT_*',
  'HUAWEICLOUD_*',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_*',
];

/** What runners, node and this tool read themselves. */
const AMBIENT: readonly string[] = [
  'CI',
  'COLUMNS',
  'DYLD_*',
  'FORCE_COLOR',
  'GITHUB_*',
  'HOSTNAME',
  'LD_*',
  'LINES',
  'NODE_*',
  'NO_COLOR',
  'NPM_*',
  'OLDPWD',
  'PWD',
  'RUNNER_*',
  'SHELL',
  'SHLVL',
  'SOURCE_DATE_EPOCH',
  'SYSTEMDRIVE',
  'TERM',
  'WINDIR',
];

/**
 * Whether a variable of this name means something to the machine, the runner or the programs that run here: a value that
 * is only to be passed on must not stand under it, nor be mistaken for what is there already.
 */
export function isAmbientName(name: string): boolean {
  return isCredentialName(name) || anyGlob([...PLAIN, ...SOPS, ...AMBIENT])(name.toUpperCase());
}

type Environment = Readonly<Record<string, string>>;

/** What a command of the document sees: the plain variables, and those that an `--allow-env` names. */
export function commandEnvironment({ env, allowEnv }: EnvOptions): Environment {
  const allowed = anyGlob(allowEnv ?? []);
  const plain = anyGlob(PLAIN);
  return passedOn(env, (name) => plain(name.toUpperCase()) || allowed(name));
}

export function sopsEnvironment(env: EnvOptions['env']): Environment {
  const needed = anyGlob([...PLAIN, ...SOPS]);
  return passedOn(env, (name) => needed(name.toUpperCase()));
}

/** Never the credentials of this tool or of the runner, whatever allows them (rule 16). */
function passedOn(env: EnvOptions['env'], wanted: (name: string) => boolean): Environment {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !wanted(name) || isCredentialName(name)) continue;
    passed[name] = name.toUpperCase() === 'PATH' ? absoluteOnly(value) : value;
  }
  return passed;
}

/** A relative folder of the PATH would be one beside the document, and what lies there is no program of this machine. */
function absoluteOnly(searched: string): string {
  const absolute = searched.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  // An empty PATH would mean the current folder: this one holds no program.
  return absolute.length === 0 ? '/dev/null' : absolute.join(path.delimiter);
}
