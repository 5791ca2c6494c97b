import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSignerCache } from '../../../domain/signing/signer-cache.ts';
import { certificateDer, makeCertificate, newKey } from './fixtures.ts';

const key = newKey();
const source = {
  privateKeyDer: createPrivateKey(key).export({ type: 'pkcs8', format: 'der' }),
  certificateDer: certificateDer(makeCertificate({ key })),
};

/** A cache that notes what it loads. */
function cacheOf(max: number) {
  const loaded: string[] = [];
  const cache = createSignerCache({
    max,
    load: async (id) => {
      loaded.push(id);
      await new Promise(setImmediate);
      return source;
    },
  });
  return { cache, loaded };
}

describe('the signer cache', () => {
  it('loads once, for those who ask at the same time too', async () => {
    const { cache, loaded } = cacheOf(2);
    const [first, same, other] = await Promise.all([cache.get('a'), cache.get('a'), cache.get('b')]);
    const later = await cache.get('a');
    expect(loaded).toEqual(['a', 'b']);
    expect(same).toBe(first);
    expect(later).toBe(first);
    expect(other).not.toBe(first);
  });

  it('keeps those used last', async () => {
    const { cache, loaded } = cacheOf(2);
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(id);
    expect(loaded).toEqual(['a', 'b', 'c', 'b']);
  });

  it('tries again after a failure, which all who waited see', async () => {
    let calls = 0;
    const cache = createSignerCache({
      max: 2,
      load: async () => {
        if (++calls === 1) throw new Error('the database is away');
        return source;
      },
    });
    const first = await Promise.allSettled([cache.get('a'), cache.get('a')]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toBe(1);
    await expect(cache.get('a')).resolves.toMatchObject({ facts: { serial: '258' } });
    expect(calls).toBe(2);
  });

  it('refuses a key that is not the certificate’s', async () => {
    const other = createPrivateKey(newKey()).export({ type: 'pkcs8', format: 'der' });
    const cache = createSignerCache({ max: 2, load: async () => ({ ...source, privateKeyDer: other }) });
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'CERTIFICATE_KEY_NOT_FOUND' });
  });
});
