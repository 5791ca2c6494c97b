import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { Modification } from '../format/document-type.ts';
import { parseAccessKey } from '../model/access-key.ts';
import type { DocumentBody, DocumentStatus, Environment, FieldProblem } from '../model/document.ts';
import { Decimal, toMoney } from '../model/money.ts';
import { isoDateOf, taxDateOfIso } from '../model/tax-date.ts';
import { Refusal } from '../refusal.ts';
import { Document } from '../store/entities/document.ts';
import { type Page, type PageOf, pageOf } from '../store/page.ts';
import { type DocumentContext, type IssuerScope, legalEnvironment } from './context.ts';
import { findOwn } from './find.ts';
import { documentNumber } from './summary.ts';
import { documentTypeOf } from './write.ts';

const CREDIT_NOTE = '04';
/** Notes that take nothing from what they are about: SRI has refused them. */
const REFUSED: readonly DocumentStatus[] = ['RETURNED', 'NOT_AUTHORIZED'];

/**
 * The document of this account that a note changes, locked until the note is committed, so that notes which race for one
 * document come one after the other; nothing for a note about a document that was issued elsewhere. A note that is written
 * anew is a refused one, so it does not count against itself.
 *
 * @throws Refusal VALIDATION_FAILED when the document is not what the note says of it, or nothing that a note can
 * change; CREDIT_EXCEEDS_BALANCE when the credit notes on it would come to more than it does
 */
export async function modifiedId(
  ctx: DocumentContext,
  em: EntityManager,
  scope: IssuerScope,
  body: DocumentBody,
  issuer: { ruc: string },
): Promise<string | null> {
  const type = documentTypeOf(body.documentType);
  const modification = type.modifies?.(body);
  if (modification === undefined) return null;
  refuse(otherEnvironment(modification, legalEnvironment(ctx, scope.environment)));
  const original = await findModified(em, scope, issuer.ruc, modification);
  if (original === undefined) return null;

  refuse(differences(original, modification, type.party(body)));
  if (modification.credit) {
    const { available } = await balanceOf(em, original);
    const { total } = type.totals(body);
    if (new Decimal(total).greaterThan(available)) {
      throw new Refusal(
        'CREDIT_EXCEEDS_BALANCE',
        `The note comes to ${total}, and ${available} of ${documentNumber(original.accessKey)} can still be credited.`,
      );
    }
  }
  return original.id;
}

function refuse(problems: FieldProblem[]): void {
  if (problems.length === 0) return;
  throw new Refusal('VALIDATION_FAILED', 'The document that is modified is not what the note says of it.', problems);
}

/** SRI's test service knows nothing of real documents, nor the other way round. */
function otherEnvironment({ accessKey }: Modification, environment: Environment): FieldProblem[] {
  if (accessKey === undefined || parseAccessKey(accessKey).environment === environment) return [];
  return [{ field: 'modifies.accessKey', message: `must be of a ${environment} document`, value: accessKey }];
}

async function findModified(
  em: EntityManager,
  { tenantId, environment }: IssuerScope,
  ruc: string,
  { documentType, number }: Modification,
): Promise<Document | undefined> {
  const [branchCode, issuePointCode, sequential] = number.split('-');
  const [row] = await em.execute<{ id: string }[]>(
    `select d.id from documents d join issuers i on i.id = d.issuer_id
     where i.tenant_id = ? and i.ruc = ? and i.branch_code = ? and i.issue_point_code = ?
       and d.environment = ? and d.document_type = ? and d.sequential = ?`,
    [tenantId, ruc, branchCode, issuePointCode, environment, documentType, sequential],
  );
  if (row === undefined) return undefined;
  return em.findOneOrFail(Document, row.id, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
}

function differences(
  original: Document,
  { accessKey: stated, issueDate }: Modification,
  buyer: { id: string },
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { status, accessKey, buyerId } = original;
  if (status !== 'AUTHORIZED')
    problems.push({ field: 'modifies', message: `must be an AUTHORIZED document; this one is ${status}` });
  if (stated !== undefined && stated !== accessKey)
    problems.push({
      field: 'modifies.accessKey',
      message: `must be ${accessKey}, the key of that number`,
      value: stated,
    });
  if (isoDateOf(issueDate) !== original.issueDate)
    problems.push({
      field: 'modifies.issueDate',
      message: `must be ${taxDateOfIso(original.issueDate)}, as the document has it`,
      value: issueDate,
    });
  if (isFinalConsumer(original))
    problems.push({ field: 'modifies', message: 'is a sale to the final consumer, which no note can change' });
  else if (buyer.id !== buyerId)
    problems.push({ field: 'buyer.id', message: 'must be that of the document that is modified', value: buyer.id });
  return problems;
}

/**
 * Such a sale cannot be taken back (resolution NAC-DGERCGC25-00000017), and no note is made out to such a buyer (ficha técnica
 * 2.34, table 6).
 */
function isFinalConsumer({ buyerIdType }: Document): boolean {
  return buyerIdType === '07';
}

/** What the credit notes on a document come to, in USD. */
export interface CreditBalance {
  /** Of the document. */
  total: string;
  /** Of notes that SRI has authorized. */
  credited: string;
  /** Of notes on their way. */
  reserved: string;
  /** What more notes may come to: nothing before it is authorized, nor ever of a sale to the final consumer. */
  available: string;
}

async function balanceOf(em: EntityManager, original: Document): Promise<CreditBalance> {
  const { id, total } = original;
  const rows = await em.execute<{ authorized: boolean; total: string }[]>(
    `select status = 'AUTHORIZED' as authorized, sum(total) as total from documents
     where modifies_id = ? and document_type = ? and status not in (?, ?)
     group by 1`,
    [id, CREDIT_NOTE, ...REFUSED],
  );
  const of = (authorized: boolean) => rows.find((row) => row.authorized === authorized)?.total ?? 0;
  const [credited, reserved] = [of(true), of(false)];
  const creditable = original.status === 'AUTHORIZED' && !isFinalConsumer(original);
  return {
    total: toMoney(total),
    credited: toMoney(credited),
    reserved: toMoney(reserved),
    available: creditable ? toMoney(new Decimal(total).minus(credited).minus(reserved)) : '0.00',
  };
}

/** What a document's credit notes come to, and a page of them, newest first. @throws Refusal NOT_FOUND */
export async function creditNotesOf(
  ctx: DocumentContext,
  scope: IssuerScope,
  accessKey: string,
  page: Page,
): Promise<PageOf<Document> & { balance: CreditBalance }> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const original = await findOwn(em, scope, accessKey);
    const notes = await pageOf(em, Document, { modifiesId: original.id, documentType: CREDIT_NOTE }, page);
    return { balance: await balanceOf(em, original), ...notes };
  });
}
