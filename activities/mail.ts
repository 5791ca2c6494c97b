import { ApplicationFailure, Context } from '@temporalio/activity';
import type { EntityManager } from '@mikro-orm/postgresql';
import { documentNumber } from '../domain/documents/summary.ts';
import { documentTypeOf } from '../domain/documents/write.ts';
import { certificateMail, documentMail, type RenderedMail, verificationMail } from '../domain/format/mail/mails.ts';
import { messageIdOf } from '../domain/format/mail/message-id.ts';
import { mailDelayMs } from '../domain/model/retry-tables.ts';
import { notifyMailFailed } from '../domain/notifications/documents.ts';
import { Mail } from '../domain/store/entities/delivery.ts';
import { Document, DocumentEvent, Ride } from '../domain/store/entities/document.ts';
import { Tenant } from '../domain/store/entities/tenant.ts';
import { writeTenantEvent } from '../domain/tenants/events.ts';
import { mailSealContext } from '../domain/tenants/verification.ts';
import type { ActivityDeps } from './deps.ts';
import { MailError, type OutgoingAttachment } from './mail-transport.ts';
import { startDeliveries } from './start-deliveries.ts';

/** Longer than an attempt may take. */
const CLAIM_MS = 130_000;
/** Until whoever is at it may be through. */
const NOT_NOW_MS = 2_000;

/** What came of one attempt. */
type Attempted = { outcome: 'SENT' | 'FAILED' } | { outcome: 'DELAYED'; mail: Mail; error: MailError };

/** SMTP. */
export function mailActivities({ store, sealer, mail: transport, documents, client, clock }: ActivityDeps) {
  /**
   * Claims a mail that waits, so that no other run sends a copy meanwhile; one that was left in the middle is claimed
   * again by its own run at once, by another when the time is over.
   */
  async function claim(em: EntityManager, mailId: string): Promise<boolean> {
    const now = clock();
    const claimedBy = Context.current().info.workflowExecution!.runId;
    const free = { $or: [{ claimedBy: null }, { claimedBy }, { claimedUntil: { $lt: now } }] };
    const claimed = await em.nativeUpdate(
      Mail,
      { id: mailId, status: 'PENDING', ...free },
      { claimedBy, claimedUntil: new Date(now.getTime() + CLAIM_MS), updatedAt: now },
    );
    return claimed === 1;
  }

  /** The mail, claimed, with everything it says; or how it has been settled. @throws NotNow */
  async function load(mailId: string): Promise<PreparedMail | 'SENT' | 'FAILED'> {
    return store.asSystem(async (em) => {
      const claimed = await claim(em, mailId);
      const mail = await em.findOneOrFail(Mail, mailId);
      if (mail.status !== 'PENDING') return mail.status;
      if (!claimed) throw notNow('another run is sending this mail');
      if (!mail.documentId) {
        const content = JSON.parse(sealer.open(mail.sealedContent!, mailSealContext(mailId)).toString());
        const render = mail.kind === 'certificate' ? certificateMail : verificationMail;
        return { mail, rendered: render(content), attachments: [] };
      }
      const document = await em.findOneOrFail(Document, mail.documentId, { populate: ['authorizedXml', 'issuer'] });
      const { language } = await em.findOneOrFail(Tenant, mail.tenantId);
      const [ride] = await em.find(
        Ride,
        { documentId: document.id, format: 'a4' },
        { orderBy: { templateVersion: 'desc' }, limit: 1 },
      );
      if (ride === undefined) throw notNow('the printed form is not there yet');
      const type = documentTypeOf(document.documentType);
      const rendered = documentMail({
        language,
        issuerName: document.issuer.tradeName ?? document.issuer.businessName,
        documentName: type.name,
        documentNumber: documentNumber(document.accessKey),
        buyerName: document.buyerName,
        ...(type.amountless ? {} : { total: document.total }),
        accessKey: document.accessKey,
        authorizationDate: document.authorizationDate ?? '',
        environment: document.environment,
      });
      const attachments = [
        { filename: `${document.accessKey}.xml`, content: document.authorizedXml!, contentType: 'application/xml' },
        { filename: `RIDE-${document.accessKey}.pdf`, content: ride.pdf, contentType: 'application/pdf' },
      ];
      return { mail, rendered, attachments };
    });
  }

  /** Settles the mail once; with a document, in its log and status too. */
  async function settle(mail: Mail, status: 'SENT' | 'FAILED', error?: string): Promise<void> {
    let promised: string[] = [];
    await store.asTenant(mail.tenantId, async (em) => {
      const now = clock();
      const settled = await em.nativeUpdate(
        Mail,
        { id: mail.id, status: 'PENDING' },
        { status, error: error ?? null, sentAt: status === 'SENT' ? now : null, updatedAt: now },
      );
      if (settled === 0) return;
      if (mail.kind === 'verification') {
        const failed = error === undefined ? undefined : { error };
        writeTenantEvent(em, mail.tenantId, `VERIFICATION_EMAIL_${status}`, failed);
      }
      if (!mail.documentId) return;
      const emailed = {
        emailStatus: status,
        emailSentAt: status === 'SENT' ? now : null,
        emailError: error ?? null,
        updatedAt: now,
      };
      await em.nativeUpdate(Document, { id: mail.documentId }, emailed);
      em.create(DocumentEvent, {
        tenantId: mail.tenantId,
        documentId: mail.documentId,
        eventType: status === 'SENT' ? 'EMAIL_SENT' : 'EMAIL_FAILED',
        detail: error === undefined ? null : { error },
      });
      if (error !== undefined) promised = await notifyMailFailed(em, mail.documentId, error);
    });
    await startDeliveries(client, mail.tenantId, promised);
  }

  async function release(mail: Mail): Promise<void> {
    await store.asTenant(mail.tenantId, (em) =>
      em.nativeUpdate(Mail, { id: mail.id }, { claimedBy: null, claimedUntil: null, updatedAt: clock() }),
    );
  }

  /** Tries a mail once; what the server refuses for good is settled as FAILED. @throws NotNow */
  async function attempt(mailId: string): Promise<Attempted> {
    const prepared = await load(mailId);
    if (typeof prepared === 'string') return { outcome: prepared };
    const { mail, rendered, attachments } = prepared;
    try {
      const { subject, html, text } = rendered;
      const messageId = messageIdOf(mail.id, documents.mailDomain);
      await transport.send(
        { to: mail.recipient, messageId, date: mail.createdAt, subject, html, text, attachments },
        Context.current().cancellationSignal,
      );
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      if (!error.permanent) {
        await release(mail);
        return { outcome: 'DELAYED', mail, error };
      }
      await settle(mail, 'FAILED', error.message);
      return { outcome: 'FAILED' };
    }
    await settle(mail, 'SENT');
    return { outcome: 'SENT' };
  }

  return {
    /** Sends one mail. Every copy of it carries the Message-ID of its row; a refusal for good settles it as FAILED. */
    async sendMail(mailId: string): Promise<'SENT' | 'FAILED'> {
      const tried = await attempt(mailId);
      if (tried.outcome !== 'DELAYED') return tried.outcome;
      const { mail, error } = tried;
      const delay = mailDelayMs(Context.current().info.attempt);
      if (delay !== undefined) {
        throw ApplicationFailure.create({ message: error.message, type: 'MailDelayed', nextRetryDelay: delay });
      }
      await settle(mail, 'FAILED', error.message);
      return 'FAILED';
    },

    /** Tries a mail now, once; one that is not taken waits for whoever sends it otherwise. */
    async tryMail(mailId: string): Promise<'SENT' | 'FAILED' | 'DELAYED'> {
      return (await attempt(mailId)).outcome;
    },
  };
}

interface PreparedMail {
  mail: Mail;
  rendered: RenderedMail;
  attachments: OutgoingAttachment[];
}

/** To be tried again in a moment. */
function notNow(message: string): ApplicationFailure {
  return ApplicationFailure.create({ message, type: 'NotNow', nextRetryDelay: NOT_NOW_MS });
}
