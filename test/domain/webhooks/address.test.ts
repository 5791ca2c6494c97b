import { describe, expect, it } from 'vitest';
import { mayReceive } from '../../../domain/webhooks/address.ts';

describe('addresses that may receive a webhook', () => {
  it.each([
    '8.8.8.8',
    '190.152.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '2800:68::1',
    '2606:4700:4700::1111',
  ])('takes %s, which is public', (address) => {
    expect(mayReceive(address, false)).toBe(true);
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'this network'],
    ['::', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.100.100.200', 'carrier-grade NAT'],
    ['169.254.169.254', 'link-local: cloud metadata'],
    ['168.63.129.16', 'Azure host agent'],
    ['192.0.0.1', 'protocol assignments'],
    ['192.0.2.1', 'documentation'],
    ['198.18.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::ffff:127.0.0.1', 'IPv4-mapped loopback'],
    ['::ffff:8.8.8.8', 'IPv4-mapped'],
    ['::127.0.0.1', 'IPv4-compatible'],
    ['64:ff9b::7f00:1', 'NAT64'],
    ['64:ff9b:1::a00:1', 'local NAT64'],
    ['2002:7f00:1::', '6to4'],
    ['2001:0:7f00:1::', 'Teredo'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['fc00::1', 'unique local'],
    ['fd00::1', 'unique local'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'documentation'],
    ['100::1', 'discard'],
    ['4000::1', 'not given out'],
    ['example.com', 'no address'],
    ['', 'no address'],
  ])('refuses %s: %s', (address) => {
    expect(mayReceive(address, false)).toBe(false);
  });

  it('lets this very machine receive where the settings allow it, and nothing else', () => {
    expect(['127.0.0.1', '127.8.8.8', '::1'].map((address) => mayReceive(address, true))).toEqual([true, true, true]);
    expect(
      ['10.0.0.1', '::ffff:127.0.0.1', '0.0.0.0', '169.254.169.254'].map((address) => mayReceive(address, true)),
    ).toEqual([false, false, false, false]);
  });
});
