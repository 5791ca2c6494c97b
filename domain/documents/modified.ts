import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { DocumentBody, DocumentStatus, FieldProblem } from '../model/document.ts';
import { Decimal, toMoney } from '../model/money.ts';
import { isoDateOf, taxDateOfIso } from '../model/tax-date.ts';
import { Refusal } from '../refusal.ts';
import { Document } from '../store/entities/document.ts';
import type { DocumentContext, IssuerScope } from './context.ts';
import { findOwn } from './find.ts';
import { documentNumber } from './summary.ts';
import { documentTypeOf } from './write.ts';

const CREDIT_NOTE = '04';
/** Notes that take nothing from what they are about: SRI has refused them. */
const REFUSED: readonly DocumentStatus[] = ['RETURNED', 'NOT_AUTHORIZED'];

interface Reference {
  accessKey?: string;
}

/**
 * The document of this account that a note changes, locked until the note is committed, so that notes which race for one
 * document come one after the other; nothing for a note about a document that was issued elsewhere. `noteId` is that of
 * a note which is written anew.
 *
 * @throws Refusal VALIDATION_FAILED when the document is not what the note says of it, or nothing that a note can
 * change; CREDIT_EXCEEDS_BALANCE when the credit notes on it would come to more than it does
 */
export async function modifiedId(
  em: EntityManager,
  scope: IssuerScope,
  body: DocumentBody,
  issuer: { ruc: string },
  noteId?: string,
): Promise<string | null> {
  const type = documentTypeOf(body.documentType);
  const modification = type.modifies?.(body);
  if (modification === undefined) return null;
  const original = await findModified(em, scope, issuer.ruc, modification);
  if (original === undefined) return null;

  const problems = differences(original, body, modification.issueDate);
  if (problems.length > 0) {
    throw new Refusal('VALIDATION_FAILED', 'The document that is modified is not what the note says of it.', problems);
  }
  if (modification.credit) {
    const { available } = await balanceOf(em, original, noteId);
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

async function findModified(
  em: EntityManager,
  { tenantId, environment }: IssuerScope,
  ruc: string,
  { documentType, number }: { documentType: string; number: string },
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

function differences(original: Document, body: DocumentBody, issueDate: string): FieldProblem[] {
  const { modifies, buyer } = body as DocumentBody & { modifies: Reference; buyer: { id: string } };
  const problems: FieldProblem[] = [];
  const { status, accessKey, buyerId } = original;
  if (status !== 'AUTHORIZED')
    problems.push({ field: 'modifies', message: `must be an AUTHORIZED document; this one is ${status}` });
  if (modifies.accessKey !== undefined && modifies.accessKey !== accessKey)
    problems.push({
      field: 'modifies.accessKey',
      message: `must be ${accessKey}, the key of that number`,
      value: modifies.accessKey,
    });
  if (isoDateOf(issueDate) !== original.issueDate)
    problems.push({
      field: 'modifies.issueDate',
      message: `must be ${taxDateOfIso(original.issueDate)}, as the document has it`,
      value: issueDate,
    });
  // A sale to the final consumer cannot be taken back (resolution NAC-DGERCGC25-00000017): a note has no such buyer.
  if (buyer.id !== buyerId)
    problems.push({ field: 'buyer.id', message: 'must be that of the document that is modified', value: buyer.id });
  return problems;
}

/** What the credit notes on a document come to, in USD. */
export interface CreditBalance {
  /** Of the document. */
  total: string;
  /** Of notes that SRI has authorized. */
  credited: string;
  /** Of notes on their way. */
  reserved: string;
  /** What more notes may come to. */
  available: string;
}

async function balanceOf(em: EntityManager, { id, total }: Document, exceptId?: string): Promise<CreditBalance> {
  const rows = await em.execute<{ authorized: boolean; total: string }[]>(
    `select status = 'AUTHORIZED' as authorized, sum(total) as total from documents
     where modifies_id = ? and document_type = ? and status not in (?, ?) and id is distinct from ?
     group by 1`,
    [id, CREDIT_NOTE, ...REFUSED, exceptId ?? null],
  );
  const of = (authorized: boolean) => rows.find((row) => row.authorized === authorized)?.total ?? 0;
  const [credited, reserved] = [of(true), of(false)];
  return {
    total: toMoney(total),
    credited: toMoney(credited),
    reserved: toMoney(reserved),
    available: toMoney(new Decimal(total).minus(credited).minus(reserved)),
  };
}

/** What a document's credit notes come to, and a page of them, newest first. @throws Refusal NOT_FOUND */
export async function creditNotesOf(
  ctx: DocumentContext,
  scope: IssuerScope,
  accessKey: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ balance: CreditBalance; notes: Document[]; nextCursor: string | null }> {
  return ctx.store.asTenant(scope.tenantId, async (em) => {
    const original = await findOwn(em, scope, accessKey);
    const found = await em.find(
      Document,
      { modifiesId: original.id, documentType: CREDIT_NOTE, ...(cursor === undefined ? {} : { id: { $lt: cursor } }) },
      { orderBy: { id: 'desc' }, limit: limit + 1 },
    );
    const notes = found.slice(0, limit);
    const nextCursor = found.length > limit ? notes.at(-1)!.id : null;
    return { balance: await balanceOf(em, original), notes, nextCursor };
  });
}
