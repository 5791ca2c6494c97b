import { describe, expect, it } from 'vitest';
import { AddressRefused, guardedLookup, type Resolve } from '../../activities/address-guard.ts';

/** A name server that knows one name. */
const answering =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

function lookUp(
  resolve: Resolve | undefined,
  { allowLoopback = false, hostname = 'shop.example.com', all = true } = {},
) {
  return new Promise((found, fail) => {
    guardedLookup(allowLoopback, resolve)(hostname, { all }, (error, ...answer) =>
      error ? fail(error) : found(answer),
    );
  });
}

describe('the lookup of a webhook connection', () => {
  it('hands on every address of a public name', async () => {
    expect(await lookUp(answering('190.152.1.1', '2800:68::1'))).toEqual([
      [
        { address: '190.152.1.1', family: 4 },
        { address: '2800:68::1', family: 6 },
      ],
    ]);
  });

  it('answers one address to whoever wants one', async () => {
    expect(await lookUp(answering('190.152.1.1', '2800:68::1'), { all: false })).toEqual(['190.152.1.1', 4]);
  });

  it.each([
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['::1'],
    ['fd00::1'],
    ['::ffff:10.1.2.3'],
    ['64:ff9b::a01:203'],
  ])('refuses a name that leads to %s', async (address) => {
    await expect(lookUp(answering(address))).rejects.toThrow(AddressRefused);
  });

  it('refuses a name with one private address among public ones, and does not say which', async () => {
    const refusal = await lookUp(answering('190.152.1.1', '10.1.2.3')).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AddressRefused);
    expect(String(refusal)).not.toContain('10.1.2.3');
  });

  it('refuses a name without addresses', async () => {
    await expect(lookUp(answering())).rejects.toThrow(AddressRefused);
  });

  it('asks the system, which knows localhost', async () => {
    await expect(lookUp(undefined, { hostname: 'localhost' })).rejects.toThrow(AddressRefused);
    expect(await lookUp(undefined, { hostname: 'localhost', allowLoopback: true })).toMatchObject([
      [{ address: expect.stringMatching(/^127\.|^::1$/) }],
    ]);
  });

  it('passes on that a name is unknown', async () => {
    const unknown = Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
    await expect(lookUp(() => Promise.reject(unknown))).rejects.toBe(unknown);
  });
});
