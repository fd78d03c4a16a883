import { isIP } from 'node:net';

/** Where the server listens. */
export interface Listen {
  /** Without brackets. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** `127.0.0.1:9464`, `[::1]:9464`, `:9464` (every address). */
export function parseListen(text: string): Listen | { readonly wrong: string } {
  const [, six, four, port = ''] = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535) return { wrong: 'expected HOST:PORT, as in 127.0.0.1:9464 or [::1]:9464' };
  if (six !== undefined && isIP(six) !== 6) return { wrong: 'what stands in brackets is no IPv6 address' };
  const host = six ?? four ?? '';
  return { host: host === '' ? '::' : host, port: Number(port) };
}

/** Only who is on this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Whether a request with this Host header was meant for us. A page of a foreign site can make a browser ask a loopback
 * address under a name of its own choosing (DNS rebinding), but not under an address: so addresses, `localhost`, the
 * name that we listen on and the names that the operator gives are ours.
 */
export function isOurs(header: string | undefined, listen: Listen, names: readonly string[]): boolean {
  const url = header === undefined || /[/?#@\s\\]/.test(header) ? null : URL.parse(`http://${header}`);
  if (url === null) return false;
  const name = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return isIP(name) !== 0 || ['localhost', listen.host.toLowerCase(), ...names].includes(name);
}
