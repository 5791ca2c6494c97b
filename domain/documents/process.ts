import type { EntityManager } from '@mikro-orm/postgresql';
import type { DocumentStatus } from '../model/document.ts';
import { notifyOutcome, notifySubmissionFailed } from '../notifications/documents.ts';
import { CertificateError } from '../signing/certificate-error.ts';
import { Mail, WebhookDelivery } from '../store/entities/delivery.ts';
import { Document, DocumentEvent, Ride, type StoredSriMessage } from '../store/entities/document.ts';
import type { Store } from '../store/store.ts';
import { type Seen, transition } from './transition.ts';

/*
 * The steps of a document's life as transactions on its row, for the activities. Each looks first and writes only if
 * the row still is what was seen, so that any of them may run twice.
 */

interface OpenedRow {
  id: string;
  tenant_id: string;
  status: DocumentStatus;
  revision: number;
  auto_send: boolean;
  unsigned_xml: Buffer | null;
  certificate_id: string;
}

/** How a document was found, or left; `refused` tells why it cannot be signed. */
export interface Opened {
  status: DocumentStatus;
  refused?: CertificateError;
}

/**
 * Reads the row, and signs the document if it waits for that; one that was created to be sent at once goes on to
 * PENDING_SEND. The messages in the outbox that asked for this have now been heard, and go. One transaction, since a
 * customer waits at the till for it.
 */
export async function openRow(
  store: Store,
  accessKey: string,
  sign: (unsignedXml: string, certificateId: string) => Promise<Buffer>,
): Promise<Opened> {
  return store.asSystem(async (em): Promise<Opened> => {
    const [row] = await em.execute<OpenedRow[]>(
      `with heard as (delete from outbox where kind = 'document' and subject = ?)
       select d.id, d.tenant_id, d.status, d.revision, d.auto_send, i.certificate_id,
              case d.status when 'CREATED' then d.unsigned_xml end as unsigned_xml
       from documents d join issuers i on i.id = d.issuer_id where d.access_key = ?`,
      [accessKey, accessKey],
    );
    if (row === undefined) throw new Error('a document was announced that does not exist');
    if (row.unsigned_xml === null) return { status: row.status };
    let signedXml: Buffer;
    try {
      signedXml = await sign(row.unsigned_xml.toString(), row.certificate_id);
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      return { status: row.status, refused: error };
    }
    const seen = { id: row.id, tenantId: row.tenant_id, revision: row.revision };
    if (!(await transition(em, seen, 'CREATED', 'SIGNED', { set: { signedXml } })))
      return { status: await statusOf(em, seen) };
    const sending = row.auto_send && (await transition(em, seen, 'SIGNED', 'PENDING_SEND'));
    return { status: sending ? 'PENDING_SEND' : 'SIGNED' };
  });
}

export interface SendableDocument extends Seen {
  status: DocumentStatus;
  signedXml: Buffer;
  /** These bytes may have left before: ask SRI first. */
  sendStarted: boolean;
  /** When SRI last said that it has them. */
  receivedAt: Date | null;
}

/** The row with the exact bytes for SRI. */
export async function readForSri(store: Store, tenantId: string, accessKey: string): Promise<SendableDocument> {
  return store.asTenant(tenantId, async (em) => {
    const document = await em.findOneOrFail(Document, { accessKey }, { populate: ['signedXml'] });
    const { id, revision, status, sendStartedAt, receivedAt } = document;
    return {
      id,
      tenantId,
      revision,
      status,
      signedXml: document.signedXml ?? Buffer.alloc(0),
      sendStarted: !!sendStartedAt,
      receivedAt: receivedAt ?? null,
    };
  });
}

/** Committed before the bytes leave. */
export async function recordSendStarted(store: Store, seen: Seen): Promise<void> {
  await store.asTenant(seen.tenantId, (em) =>
    em.nativeUpdate(
      Document,
      { id: seen.id, revision: seen.revision, status: 'PENDING_SEND' },
      { sendStartedAt: new Date() },
    ),
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

/** SRI has said nothing of the document for too long: the same bytes are offered again, which it refuses if it has them. */
export async function recordUndecided(store: Store, seen: Seen): Promise<DocumentStatus> {
  return store.asTenant(seen.tenantId, async (em) => {
    await transition(em, seen, 'RECEIVED', 'PENDING_SEND', { detail: { reason: 'SRI has not decided in time' } });
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
    if (moved) await notifyOutcome(em, seen.id, 'DOCUMENT_RETURNED');
    return statusOf(em, seen);
  });
}

/** A trouble on the way to SRI, for the log that the caller reads. */
export async function recordTrouble(
  store: Store,
  seen: Seen,
  status: DocumentStatus,
  detail: Record<string, unknown>,
): Promise<void> {
  await store.asTenant(seen.tenantId, async (em) => {
    em.create(DocumentEvent, {
      tenantId: seen.tenantId,
      documentId: seen.id,
      eventType: 'ERROR',
      fromStatus: status,
      detail,
    });
  });
}

/**
 * SRI has been silent about the document for so long that its tenant is to know, once for each time it is written.
 * @param outageSince of the outage that it waits for the end of, which its tenant is told of once
 * @returns the webhook deliveries that the outbox promises
 */
export async function recordLongSilence(store: Store, seen: Seen, outageSince?: Date): Promise<string[]> {
  return store.asTenant(seen.tenantId, async (em) => {
    const first = await em.nativeUpdate(
      Document,
      { id: seen.id, revision: seen.revision, status: { $in: ['PENDING_SEND', 'RECEIVED'] }, silenceToldAt: null },
      { silenceToldAt: new Date() },
    );
    return first === 0 ? [] : notifySubmissionFailed(em, seen.id, outageSince);
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
export async function recordAuthorized(
  store: Store,
  seen: Seen,
  authorization: AuthorizationRecord,
): Promise<DocumentStatus> {
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
      if (buyerEmail)
        em.create(Mail, { tenantId, documentId, kind: 'document', recipient: buyerEmail, status: 'PENDING' });
      else
        em.create(DocumentEvent, {
          tenantId,
          documentId,
          eventType: 'EMAIL_SKIPPED',
          detail: { reason: 'the buyer has no e-mail' },
        });
      await notifyOutcome(em, seen.id, 'DOCUMENT_AUTHORIZED');
    }
    return statusOf(em, seen);
  });
}

/** SRI looked at the document and refused it. */
export async function recordNotAuthorized(
  store: Store,
  seen: Seen,
  messages: StoredSriMessage[],
): Promise<DocumentStatus> {
  return store.asTenant(seen.tenantId, async (em) => {
    const moved = await transition(em, seen, 'RECEIVED', 'NOT_AUTHORIZED', {
      set: { sriMessages: messages },
      detail: { messages },
    });
    if (moved) await notifyOutcome(em, seen.id, 'DOCUMENT_NOT_AUTHORIZED');
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
    const ride = status === 'AUTHORIZED' && (await em.count(Ride, { documentId, templateVersion, format: 'a4' })) === 0;
    return { ride, mails: mails.map((row) => row.id), deliveries: deliveries.map((row) => row.id) };
  });
}

async function statusOf(em: EntityManager, seen: Seen): Promise<DocumentStatus> {
  const { status } = await em.findOneOrFail(Document, seen.id, { refresh: true });
  return status;
}
