import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { mayReceive } from '../domain/webhooks/address.ts';

/** Every address of a host name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** A host name leads to where webhooks must not go. The message does not say where: it would map our network. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';

  constructor() {
    super('The host resolves to a private or reserved address.');
  }
}

/**
 * The lookup of a connection: the addresses that are checked are the ones that are connected to, so no answer of a
 * name server can change in between. One forbidden address refuses the name.
 */
export function guardedLookup(
  allowLoopback: boolean,
  resolve: Resolve = (hostname) => lookup(hostname, { all: true }),
): LookupFunction {
  const find = callbackify(resolve);
  return (hostname, options, callback) =>
    find(hostname, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => mayReceive(address, allowLoopback))) {
        return callback(new AddressRefused(), '');
      }
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
}
