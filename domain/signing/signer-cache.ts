import { type Signer, createSigner } from './signer.ts';

/** Signers by certificate. */
export interface SignerCache {
  /**
   * The signer of a certificate, made on first use. Says nothing about its validity in time: `signDocument` does.
   * @throws CertificateError, or whatever the loading throws
   */
  get(certificateId: string): Promise<Signer>;
}

/**
 * Keeps the signers used last, since opening a sealed key costs more than a signature.
 * @param options.load fetches the key (PKCS#8) and certificate, both in DER; called once for concurrent gets, and again
 *   after a failure
 * @param options.max how many to keep
 */
export function createSignerCache(options: {
  load: (certificateId: string) => Promise<{ privateKeyDer: Buffer; certificateDer: Buffer }>;
  max: number;
}): SignerCache {
  // In order of use: a Map goes through its keys in the order of insertion.
  const signers = new Map<string, Promise<Signer>>();

  async function load(certificateId: string): Promise<Signer> {
    try {
      return createSigner(await options.load(certificateId));
    } catch (error) {
      signers.delete(certificateId);
      throw error;
    }
  }

  return {
    get(certificateId) {
      const signer = signers.get(certificateId) ?? load(certificateId);
      signers.delete(certificateId);
      signers.set(certificateId, signer);
      for (const oldest of signers.keys()) {
        if (signers.size <= options.max) break;
        signers.delete(oldest);
      }
      return signer;
    },
  };
}
