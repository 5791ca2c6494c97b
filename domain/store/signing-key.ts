import { Certificate } from './entities/issuer.ts';
import type { Sealer } from './sealing.ts';
import type { Store } from './store.ts';

/** Context under which a private key is sealed. */
export const signingKeyContext = (certificateId: string) => `certificates:${certificateId}:sealed_key`;

/** A certificate with its private key in the clear: keep it no longer than it takes to make a signer of it. */
export async function readSigningKey(
  store: Store,
  sealer: Sealer,
  certificateId: string,
): Promise<{ privateKeyDer: Buffer; certificateDer: Buffer }> {
  const { certificate, sealedKey } = await store.asSystem((em) => em.findOneOrFail(Certificate, certificateId));
  if (!sealedKey) throw new Error('the key of this certificate is destroyed: its issuers have another');
  return { privateKeyDer: sealer.open(sealedKey, signingKeyContext(certificateId)), certificateDer: certificate };
}
