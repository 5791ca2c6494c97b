import type { Client } from '@temporalio/client';
import type { DocumentContext } from '../domain/documents/context.ts';
import type { Environment } from '../domain/model/document.ts';
import type { SignerCache } from '../domain/signing/signer-cache.ts';
import type { GuardedSri } from '../domain/outages/guarded-client.ts';
import type { Sealer } from '../domain/store/sealing.ts';
import type { Store } from '../domain/store/store.ts';
import type { MailTransport } from './mail-transport.ts';
import type { PdfPrinter } from './pdf-printer.ts';
import type { WebhookSender } from './webhook-sender.ts';

/** What the activities work with; made once a worker process. */
export interface ActivityDeps {
  store: Store;
  sealer: Sealer;
  signers: SignerCache;
  signatureAlgorithm: 'sha1' | 'sha256';
  sri: Record<Environment, GuardedSri>;
  printer: PdfPrinter;
  mail: MailTransport;
  documents: DocumentContext;
  webhooks: WebhookSender;
  /** Whose document an access key is. */
  tenantOf: (accessKey: string) => Promise<string>;
  client: Client;
  clock: () => Date;
}
