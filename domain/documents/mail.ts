import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { Refusal } from '../refusal.ts';
import { Mail } from '../store/entities/delivery.ts';
import { Document, type EmailStatus } from '../store/entities/document.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
import { findOwn } from './find.ts';

/** As many mails as one request has tried. */
export const MAX_MAILS = 100;

const UNSENT: EmailStatus[] = ['PENDING', 'FAILED'];

/**
 * The mail of an authorized document that is to be tried now: the one that waits, or a new one if the last has been
 * settled. One that has gone out is sent again only by force.
 * @throws Refusal NOT_FOUND, DOCUMENT_NOT_AUTHORIZED, BAD_REQUEST
 */
export async function mailToTry(
  ctx: DocumentContext,
  scope: IssuerScope,
  accessKey: string,
  { force }: { force: boolean },
): Promise<string> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const document = await findOwn(em, scope, accessKey, { lock: true });
    const { status, emailStatus, buyerEmail } = document;
    if (status !== 'AUTHORIZED') {
      throw new Refusal('DOCUMENT_NOT_AUTHORIZED', `Only an AUTHORIZED document is mailed; this one is ${status}.`);
    }
    if (!buyerEmail) throw new Refusal('BAD_REQUEST', 'The buyer of this document has no e-mail address.');
    if (!force && !UNSENT.includes(emailStatus))
      throw new Refusal('BAD_REQUEST', 'The mail has gone out; `force=true` sends it again.');
    const [mailId] = await waitingMails(em, [document], ctx.clock());
    return mailId!;
  });
}

/** The mails of the issuer's authorized documents that have not gone out, at most MAX_MAILS: longest untouched first. */
export async function mailsToTry(ctx: DocumentContext, scope: IssuerScope): Promise<string[]> {
  const { tenantId, issuerId, environment } = scope;
  return ctx.store.asTenant(tenantId, async (em) => {
    const documents = await em.find(
      Document,
      { issuerId, environment, status: 'AUTHORIZED', emailStatus: { $in: UNSENT } },
      // Those that another request has just taken are its to try.
      { orderBy: { updatedAt: 'asc' }, limit: MAX_MAILS, lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
    );
    return waitingMails(em, documents, ctx.clock());
  });
}

/** How many of these mails have been sent, and how many were refused for good. */
export async function settledMails(
  ctx: DocumentContext,
  scope: IssuerScope,
  mailIds: readonly string[],
): Promise<{ sent: number; failed: number }> {
  const mails = await ctx.store.asTenant(scope.tenantId, (em) =>
    em.find(Mail, { id: { $in: [...mailIds] } }, { fields: ['status'] }),
  );
  const count = (status: Mail['status']) => mails.filter((mail) => mail.status === status).length;
  return { sent: count('SENT'), failed: count('FAILED') };
}

/** The mail of each document that waits to be sent; a document without one gets it. The documents are locked. */
async function waitingMails(em: EntityManager, documents: Document[], now: Date): Promise<string[]> {
  const waiting = await em.find(
    Mail,
    { documentId: { $in: documents.map(({ id }) => id) }, status: 'PENDING' },
    { fields: ['documentId'] },
  );
  const known = new Map(waiting.map((mail) => [mail.documentId, mail.id]));
  return documents.map((document) => {
    em.assign(document, { emailStatus: 'PENDING', emailSentAt: null, emailError: null, updatedAt: now });
    const mailId = known.get(document.id);
    if (mailId !== undefined) return mailId;
    const { id: documentId, tenantId, buyerEmail } = document;
    const id = v7();
    em.create(Mail, { id, tenantId, documentId, kind: 'document', recipient: buyerEmail!, status: 'PENDING' });
    return id;
  });
}
