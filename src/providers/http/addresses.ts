import { BlockList, isIP } from 'node:net';
import { isLoopback } from './hosts.ts';

/**
 * Networks that no public host is in (IANA special-purpose registries, RFC 6890), and the addresses at which clouds
 * serve the credentials of their machines.
 */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32', // Azure's machine services, though in a public network
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const NOT_PUBLIC_6 = [
  '::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32', // Teredo: an IPv4 address in disguise
  '2001:db8::/32',
  '2002::/16', // 6to4: the same
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** May a connection for a host go to an address? The answer is null, or what is wrong with the address. */
export type AddressRules = (hostname: string, address: string) => string | null;

/**
 * A name that means this machine leads to this machine; every other leads to a public address, whatever its DNS says,
 * or to one that an `--allow-host` names as an address or network (`10.20.0.0/16`).
 */
export function openAddressRules(allowHosts: readonly string[]): AddressRules {
  const loopback = listOf(LOOPBACK);
  const notPublic = listOf([...NOT_PUBLIC_4, ...NOT_PUBLIC_6]);
  // NAT64 (RFC 6052) is how machines without IPv4 reach public hosts; private ones behind it stay private.
  for (const network of NOT_PUBLIC_4) {
    const [base = '', bits] = network.split('/');
    notPublic.addSubnet(`64:ff9b::${base}`, 96 + Number(bits), 'ipv6');
  }
  const allowed = listOf(allowHosts.filter((text) => isIP(text.split('/')[0] ?? '') !== 0));
  return (hostname, text) => {
    const address = text.replace(/%.*$/, '');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) return 'is no address';
    if (isLoopback(isIP(hostname) === 6 ? `[${hostname}]` : hostname))
      return loopback.check(address, family) ? null : 'is not on this machine';
    if (!notPublic.check(address, family) || allowed.check(address, family)) return null;
    return loopback.check(address, family) ? 'is this machine' : 'is not public';
  };
}

/** Of addresses and networks; what is neither is left out. */
function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
    const most = family === 'ipv6' ? 128 : 32;
    const size = bits === undefined ? most : Number(bits);
    if (Number.isInteger(size) && size >= 0 && size <= most) list.addSubnet(base, size, family);
  }
  return list;
}
