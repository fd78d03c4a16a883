import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import type { AddressRules } from './addresses.ts';

/** The host leads to an address that the token is not sent to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly reason: string;
  constructor(address: string, reason: string) {
    super(`${address} ${reason}`);
    this.reason = `is at ${address}, which ${reason}`;
  }
}

/** Every address of a name, as `dns.lookup` gives them. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true; readonly family?: number | 'IPv4' | 'IPv6' | undefined; readonly hints?: number },
  callback: (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void,
) => void;

/**
 * A look-up that refuses a name if any of its addresses is refused. The connection is made to what is looked up here,
 * and each new one looks up again: there is no moment between the check and the use in which DNS could say something else.
 */
export function guardedLookup(rules: AddressRules, resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, { all, family, hints }, callback) => {
    resolve(hostname, { all: true, family, ...(hints === undefined ? {} : { hints }) }, (error, found) => {
      const [first] = found ?? [];
      if (error !== null || first === undefined) return callback(error ?? notFound(hostname), '');
      for (const { address } of found) {
        const reason = rules(hostname, address);
        if (reason !== null) return callback(new AddressRefused(address, reason), '');
      }
      if (all === true) callback(null, [...found]);
      else callback(null, first.address, first.family);
    });
  };
}

/** Hosts that are addresses are not looked up, so they are judged before connecting. */
export function guardedConnect(rules: AddressRules, connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[(.+)\]$/, '$1');
    const reason = isIP(host) === 0 ? null : rules(options.hostname, host);
    if (reason === null) connect(options, callback);
    else queueMicrotask(() => callback(new AddressRefused(host, reason), null));
  };
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
}
