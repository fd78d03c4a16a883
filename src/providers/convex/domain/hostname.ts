import { domainToASCII } from 'node:url';
import type { Finding } from '../../../model/kind.ts';
import type { Hide } from '../../../model/schema.ts';

/** Letters, digits and inner hyphens, at most 63 (RFC 1035, 1123). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LONGEST = 253;

/** The platform gives these names out itself. */
const OF_THE_PLATFORM = /(?:^|\.)convex\.(?:cloud|site|dev|domains)$/;

/** A hostname in its one spelling, lower-case punycode; what is no hostname stays as it is written. */
export function readHostname(written: string): string {
  if (!/^[^\s/:?#@[\]\\%]+$/.test(written)) return written;
  // "0x7f.1" would become an IPv4 address here, which the check then names as one.
  const ascii = domainToASCII(written);
  return ascii === '' ? written : ascii;
}

/** A hostname that tells nothing, of a domain that nobody can have (RFC 2606); the same for a URL on it. */
export function disguisedHost(hostname: string, hide: Hide): string {
  return `h${hide(hostname)}.example.com`;
}

/** Offline check of a custom domain's hostname (rule 19). */
export function checkHostname(hostname: string | undefined): readonly Finding[] {
  if (hostname === undefined) return [];
  const quoted = JSON.stringify(hostname.length <= 80 ? hostname : `${hostname.slice(0, 77)}...`);
  const wrong = (why: string, code: Finding['code'] = 'CVG302'): readonly Finding[] => [
    { severity: 'error', code, summary: `${quoted} cannot be a custom domain: ${why}`, field: 'domain' },
  ];
  const labels = hostname.split('.');
  if (/[/:?#@[\]\\%\s]/.test(hostname)) return wrong('a hostname alone is needed, without scheme, port or path');
  if (hostname.endsWith('.')) return wrong('write it without the final dot');
  if (hostname.includes('*')) return wrong('wildcards are not served');
  if (/^[0-9]+$/.test(labels.at(-1) ?? '')) return wrong('it is an IP address, or ends in a number');
  if (labels.length < 2) return wrong('it has one label only, at least two are needed');
  if (hostname.length > LONGEST)
    return wrong(`it has ${String(hostname.length)} characters, at most ${String(LONGEST)}`);
  if (!labels.every((label) => LABEL.test(label)))
    return wrong('each label needs 1 to 63 letters, digits and inner hyphens');
  if (OF_THE_PLATFORM.test(hostname)) return wrong('the platform gives out such names itself', 'CVG303');
  return [];
}
