import { signDocument } from '../domain/signing/xades.ts';
import type { ActivityDeps } from './deps.ts';

/** Signs unsigned XML with the certificate of that id, as of now. The function throws CertificateError. */
export function documentSigner({ signers, signatureAlgorithm: algorithm, clock }: ActivityDeps) {
  return async (xml: string, certificateId: string): Promise<Buffer> =>
    signDocument(await signers.get(certificateId), { xml, algorithm, signingTime: clock() });
}
