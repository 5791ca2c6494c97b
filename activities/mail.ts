import { ApplicationFailure, Context } from '@temporalio/activity';
import { documentNumber } from '../domain/documents/summary.ts';
import { documentTypeOf } from '../domain/documents/write.ts';
import { documentMail, type RenderedMail, verificationMail } from '../domain/format/mail/mails.ts';
import { mailDelayMs } from '../domain/model/retry-tables.ts';
import { Mail } from '../domain/store/entities/delivery.ts';
import { Document, DocumentEvent, Ride } from '../domain/store/entities/document.ts';
import { Tenant } from '../domain/store/entities/tenant.ts';
import { mailSealContext } from '../domain/tenants/verification.ts';
import type { ActivityDeps } from './deps.ts';
import { MailError, type OutgoingAttachment } from './mail-transport.ts';

/** SMTP. */
export function mailActivities({ store, sealer, mail: transport, mailDomain, clock }: ActivityDeps) {
  /** The mail with everything it says, or undefined when it has been settled. */
  async function load(mailId: string): Promise<PreparedMail | undefined> {
    return store.asSystem(async (em) => {
      const mail = await em.findOneOrFail(Mail, mailId);
      if (mail.status !== 'PENDING') return undefined;
      if (!mail.documentId) {
        const content = JSON.parse(sealer.open(mail.sealedContent!, mailSealContext(mailId)).toString());
        return { mail, rendered: verificationMail(content), attachments: [] };
      }
      const document = await em.findOneOrFail(Document, mail.documentId, { populate: ['authorizedXml', 'issuer'] });
      const { language } = await em.findOneOrFail(Tenant, mail.tenantId);
      const [ride] = await em.find(
        Ride,
        { documentId: document.id },
        { orderBy: { templateVersion: 'desc' }, limit: 1 },
      );
      const rendered = documentMail({
        language,
        issuerName: document.issuer.tradeName ?? document.issuer.businessName,
        documentName: documentTypeOf(document.documentType).name,
        documentNumber: documentNumber(document.accessKey),
        buyerName: document.buyerName,
        total: document.total,
        accessKey: document.accessKey,
        authorizationDate: document.authorizationDate ?? '',
        environment: document.environment,
      });
      const attachments = [
        { filename: `${document.accessKey}.xml`, content: document.authorizedXml!, contentType: 'application/xml' },
        ...(ride
          ? [{ filename: `RIDE-${document.accessKey}.pdf`, content: ride.pdf, contentType: 'application/pdf' }]
          : []),
      ];
      return { mail, rendered, attachments };
    });
  }

  /** Settles the mail once; with a document, in its log and status too. */
  async function settle(mail: Mail, status: 'SENT' | 'FAILED', error?: string): Promise<void> {
    await store.asTenant(mail.tenantId, async (em) => {
      const now = clock();
      const settled = await em.nativeUpdate(
        Mail,
        { id: mail.id, status: 'PENDING' },
        { status, error: error ?? null, sentAt: status === 'SENT' ? now : null, updatedAt: now },
      );
      if (settled === 0 || !mail.documentId) return;
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
    });
  }

  return {
    /** Sends one mail. Every copy of it carries the Message-ID of its row; a refusal for good settles it as FAILED. */
    async sendMail(mailId: string): Promise<'SENT' | 'FAILED' | 'SETTLED'> {
      const prepared = await load(mailId);
      if (prepared === undefined) return 'SETTLED';
      const { mail, rendered, attachments } = prepared;
      try {
        await transport.send({
          to: mail.recipient,
          messageId: `<${mail.id}@${mailDomain}>`,
          date: mail.createdAt,
          subject: rendered.subject,
          html: rendered.html,
          text: rendered.text,
          attachments,
        });
      } catch (error) {
        if (!(error instanceof MailError)) throw error;
        const delay = mailDelayMs(Context.current().info.attempt);
        if (!error.permanent && delay !== undefined) {
          throw ApplicationFailure.create({ message: error.message, type: 'MailDelayed', nextRetryDelay: delay });
        }
        await settle(mail, 'FAILED', error.message);
        return 'FAILED';
      }
      await settle(mail, 'SENT');
      return 'SENT';
    },
  };
}

interface PreparedMail {
  mail: Mail;
  rendered: RenderedMail;
  attachments: OutgoingAttachment[];
}
