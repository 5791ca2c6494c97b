import ipaddr from 'ipaddr.js';

/** What IANA has given to the public Internet of IPv6; ipaddr.js calls all that it has no name for unicast. */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Public by its range, but inside Azure it is the agent that hands out a machine's secrets. */
const AZURE_HOST_AGENT = '168.63.129.16';

/**
 * Whether a webhook may go to an IP address: public unicast only, so that nobody makes this service knock at doors
 * inside the network it runs in. An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4, Teredo) is refused
 * whatever it carries. `allowLoopback` lets this very machine receive too.
 */
export function mayReceive(address: string, allowLoopback: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range === 'loopback') return allowLoopback;
  if (range !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(PUBLIC_IPV6) : parsed.toString() !== AZURE_HOST_AGENT;
}
