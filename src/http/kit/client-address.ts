import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddress from 'proxy-addr';

export type AddressReader = (request: IncomingMessage) => string;

/**
 * Returns a function that reads the address of a request's client, behind trusted proxies that of `X-Forwarded-For`.
 * An IPv6 address becomes its network of 64 bits, all of which one client has.
 */
export function addressReader(trusted: readonly string[]): AddressReader {
  const trust = proxyAddress.compile([...trusted]);
  return (request) => networkOf(proxyAddress(request, trust) ?? '');
}

/** Returns an IPv4 address as it is, and the first four groups of an IPv6 address. */
export function networkOf(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = head.split(':').filter(Boolean);
  const last = tail?.split(':').filter(Boolean) ?? [];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - last.length }, () => '0');
  return `${[...groups, ...zeros, ...last]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
