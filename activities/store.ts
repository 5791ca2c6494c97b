import { ApplicationFailure } from '@temporalio/activity';
import { dueEffects, openRow, recordSigned } from '../domain/documents/process.ts';
import { RIDE_TEMPLATE_VERSION } from '../domain/format/ride/template.ts';
import type { DocumentStatus } from '../domain/model/document.ts';
import { CertificateError } from '../domain/signing/certificate-error.ts';
import { signDocument } from '../domain/signing/xades.ts';
import type { ActivityDeps } from './deps.ts';

/** PostgreSQL and the signature; local activities. */
export function storeActivities({ store, signers, signatureAlgorithm, tenantOf, clock }: ActivityDeps) {
  return {
    /** Reads the document's row and signs it if it waits for that. */
    async openDocument(accessKey: string): Promise<DocumentStatus> {
      const row = await openRow(store, await tenantOf(accessKey), accessKey);
      if (row.toSign === undefined) return row.status;
      const { unsignedXml, certificateId } = row.toSign;
      try {
        const signer = await signers.get(certificateId);
        const signed = signDocument(signer, { xml: unsignedXml, algorithm: signatureAlgorithm, signingTime: clock() });
        return await recordSigned(store, row, signed);
      } catch (error) {
        if (!(error instanceof CertificateError)) throw error;
        throw ApplicationFailure.nonRetryable(error.message, error.code);
      }
    },

    /** What the document's outcome still owes: the printed form, mails, webhook deliveries. */
    async effectsDue(accessKey: string): Promise<{ ride: boolean; mails: string[]; deliveries: string[] }> {
      return dueEffects(store, await tenantOf(accessKey), accessKey, RIDE_TEMPLATE_VERSION);
    },
  };
}
