import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DocumentContext } from '../../domain/documents/context.ts';
import { documentEvents } from '../../domain/documents/read.ts';
import { Document, DocumentEvent } from '../../domain/store/entities/document.ts';
import { Store } from '../../domain/store/store.ts';
import { freshDatabase } from '../support/database.ts';
import { insertDocuments, insertIssuer } from '../support/many-documents.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let store: Store;

beforeAll(async () => {
  database = await freshDatabase();
  store = await Store.open({ databaseUrl: database.url, poolSize: 2 });
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

// Found by npm run chaos: a worker's clock ten minutes behind the API's put the signature before the creation.
it("a document's log is in the order in which it was written, whatever the clocks of its writers say", async () => {
  const { tenantId, issuerId } = await insertIssuer(store);
  await insertDocuments(database.url, { tenantId, issuerId, count: 1 });
  const { id: documentId, accessKey } = await store.asSystem((em) => em.findOneOrFail(Document, { issuerId }));
  const write = (minutesOff: number, ...statuses: ('CREATED' | 'SIGNED' | 'PENDING_SEND' | 'RECEIVED')[]) =>
    store.asTenant(tenantId, async (em) => {
      for (const toStatus of statuses) {
        const createdAt = new Date(Date.now() + minutesOff * 60_000);
        const id = v7({ msecs: createdAt.getTime() });
        em.create(DocumentEvent, { id, tenantId, documentId, eventType: 'STATUS_CHANGED', toStatus, createdAt });
      }
    });
  await write(0, 'CREATED');
  await write(-10, 'SIGNED', 'PENDING_SEND');
  await write(-20, 'RECEIVED');
  const scope = { tenantId, issuerId, environment: 'sandbox' } as const;
  const log = await documentEvents({ store } as DocumentContext, scope, accessKey);
  expect(log.map(({ toStatus }) => toStatus)).toEqual(['CREATED', 'SIGNED', 'PENDING_SEND', 'RECEIVED']);
});
