import type { EntityManager } from '@mikro-orm/postgresql';
import type { DocumentStatus } from '../model/document.ts';
import { Mail, OutboxMessage, WebhookDelivery } from '../store/entities/delivery.ts';
import { Document, DocumentEvent, Ride, type StoredSriMessage } from '../store/entities/document.ts';
import { Issuer } from '../store/entities/issuer.ts';
import type { Store } from '../store/store.ts';
import { notify } from './notify.ts';
import { type Seen, transition } from './transition.ts';

/*
 * The steps of a document's life as transactions on its row, for the activities. Each looks first and writes only if
 * the row still is what was seen, so that any of them may run twice.
 */

export interface OpenedDocument extends Seen {
  status: DocumentStatus;
  /** What the signature needs, while the document waits for it. */
  toSign?: { unsignedXml: string; certificateId: string };
}

/** Reads the row; the messages in the outbox that asked for this have now been heard, and go. */
export async function openRow(store: Store, tenantId: string, accessKey: string): Promise<OpenedDocument> {
  return store.asTenant(tenantId, async (em) => {
    await em.nativeDelete(OutboxMessage, { kind: 'document', subject: accessKey });
    const document = await em.findOneOrFail(Document, { accessKey }, { populate: ['unsignedXml'] });
    const { id, revision, status } = document;
    if (status !== 'CREATED') return { id, tenantId, revision, status };
    const issuer = await em.findOneOrFail(Issuer, document.issuerId, { fields: ['certificateId'] });
    return { id, tenantId, revision, status, toSign: { unsignedXml: document.unsignedXml.toString(), certificateId: issuer.certificateId } };
  });
}

/** Stores the signed bytes; a document that was created to be sent at once goes on to PENDING_SEND. */
export async function recordSigned(store: Store, seen: Seen, signedXml: Buffer): Promise<DocumentStatus> {
  return store.asTenant(seen.tenantId, async (em) => {
    await transition(em, seen, 'CREATED', 'SIGNED', { set: { signedXml } });
    const document = await em.findOneOrFail(Document, seen.id);
    if (document.status === 'SIGNED' && document.autoSend && (await transition(em, seen, 'SIGNED', 'PENDING_SEND'))) {
      return 'PENDING_SEND';
    }
    return document.status;
  });
}

export interface SendableDocument extends Seen {
  status: DocumentStatus;
  signedXml: Buffer;
  /** These bytes may have left before: ask SRI first. */
  sendStarted: boolean;
}

/** The row with the exact bytes for SRI. */
export async function readForSri(store: Store, tenantId: string, accessKey: string): Promise<SendableDocument> {
  return store.asTenant(tenantId, async (em) => {
    const document = await em.findOneOrFail(Document, { accessKey }, { populate: ['signedXml'] });
    const { id, revision, status, sendStartedAt } = document;
    return { id, tenantId, revision, status, signedXml: document.signedXml ?? Buffer.alloc(0), sendStarted: !!sendStartedAt };
  });
}

/** Committed before the bytes leave. */
export async function recordSendStarted(store: Store, seen: Seen): Promise<void> {
  await store.asTenant(seen.tenantId, (em) =>
    em.nativeUpdate(Document, { id: seen.id, revision: seen.revision, status: 'PENDING_SEND' }, { sendStartedAt: new Date() }),
  );
}

/** SRI has the document. */
export async function recordReceived(store: Store, seen: Seen, how: string): Promise<DocumentStatus> {
  return store.asTenant(seen.tenantId, async (em) => {
    await transition(em, seen, 'PENDING_SEND', 'RECEIVED', {
      set: { receivedAt: new Date() },
      event: 'SENT',
      detail: { answer: how },
    });
    return statusOf(em, seen);
  });
}

/** SRI refused the document at the door. */
export async function recordReturned(store: Store, seen: Seen, messages: StoredSriMessage[]): Promise<DocumentStatus> {
  return store.asTenant(seen.tenantId, async (em) => {
    const moved = await transition(em, seen, 'PENDING_SEND', 'RETURNED', {
      set: { sriMessages: messages },
      event: 'SENT',
      detail: { answer: 'DEVUELTA', messages },
    });
    if (moved) await notify(em, seen.id, 'DOCUMENT_RETURNED');
    return statusOf(em, seen);
  });
}

/** A trouble on the way to SRI, for the log that the caller reads. */
export async function recordTrouble(store: Store, seen: Seen, status: DocumentStatus, detail: Record<string, unknown>): Promise<void> {
  await store.asTenant(seen.tenantId, async (em) => {
    em.create(DocumentEvent, { tenantId: seen.tenantId, documentId: seen.id, eventType: 'ERROR', fromStatus: status, detail });
  });
}

export interface AuthorizationRecord {
  /** The envelope, as it is delivered to the buyer. */
  authorizedXml: Buffer;
  number: string;
  /** As SRI wrote it. */
  date: string;
  messages: StoredSriMessage[];
}

/** SRI authorized the document: the row, its event, the mail, the notification and its webhooks are one fact. */
export async function recordAuthorized(store: Store, seen: Seen, authorization: AuthorizationRecord): Promise<DocumentStatus> {
  return store.asTenant(seen.tenantId, async (em) => {
    const document = await em.findOneOrFail(Document, seen.id);
    const { buyerEmail } = document;
    const moved = await transition(em, seen, 'RECEIVED', 'AUTHORIZED', {
      set: {
        authorizedXml: authorization.authorizedXml,
        authorizationNumber: authorization.number,
        authorizationDate: authorization.date,
        sriMessages: authorization.messages,
        emailStatus: buyerEmail ? 'PENDING' : 'SKIPPED',
      },
      detail: { authorizationNumber: authorization.number },
    });
    if (moved) {
      const { tenantId, id: documentId } = seen;
      if (buyerEmail) em.create(Mail, { tenantId, documentId, kind: 'document', recipient: buyerEmail, status: 'PENDING' });
      else em.create(DocumentEvent, { tenantId, documentId, eventType: 'EMAIL_SKIPPED', detail: { reason: 'the buyer has no e-mail' } });
      await notify(em, seen.id, 'DOCUMENT_AUTHORIZED');
    }
    return statusOf(em, seen);
  });
}

/** SRI looked at the document and refused it. */
export async function recordNotAuthorized(store: Store, seen: Seen, messages: StoredSriMessage[]): Promise<DocumentStatus> {
  return store.asTenant(seen.tenantId, async (em) => {
    const moved = await transition(em, seen, 'RECEIVED', 'NOT_AUTHORIZED', { set: { sriMessages: messages }, detail: { messages } });
    if (moved) await notify(em, seen.id, 'DOCUMENT_NOT_AUTHORIZED');
    return statusOf(em, seen);
  });
}

/** What an outcome still owes to others. */
export async function dueEffects(
  store: Store,
  tenantId: string,
  accessKey: string,
  templateVersion: number,
): Promise<{ ride: boolean; mails: string[]; deliveries: string[] }> {
  return store.asTenant(tenantId, async (em) => {
    const { id: documentId, status } = await em.findOneOrFail(Document, { accessKey });
    const mails = await em.find(Mail, { documentId, status: 'PENDING' }, { fields: ['id'], orderBy: { id: 'asc' } });
    const deliveries = await em.find(
      WebhookDelivery,
      { documentId, status: { $in: ['PENDING', 'RETRYING'] } },
      { fields: ['id'], orderBy: { id: 'asc' } },
    );
    const ride = status === 'AUTHORIZED' && (await em.count(Ride, { documentId, templateVersion })) === 0;
    return { ride, mails: mails.map((row) => row.id), deliveries: deliveries.map((row) => row.id) };
  });
}

async function statusOf(em: EntityManager, seen: Seen): Promise<DocumentStatus> {
  const { status } = await em.findOneOrFail(Document, seen.id, { refresh: true });
  return status;
}
