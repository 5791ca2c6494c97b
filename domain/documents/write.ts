import type { EntityDictionary, EntityManager } from '@mikro-orm/postgresql';
import { documentTypes } from '../format/document-types.ts';
import { validateXml } from '../format/schema-check.ts';
import type { DocumentBody, DocumentHead, DocumentType, IssuerSnapshot } from '../model/document.ts';
import { Refusal, refusalOf } from '../refusal.ts';
import { Issuer } from '../store/entities/issuer.ts';
import { searchable } from './buyer-search.ts';
import type { DocumentContext, IssuerScope } from './context.ts';

/** Largest document that SRI takes, in bytes (ficha técnica 2.34, §7); the signature adds up to 8 kB. */
const MAX_UNSIGNED_BYTES = 320_000 - 8_000;

/** @throws Refusal DOCUMENT_TYPE_NOT_SUPPORTED */
export function documentTypeOf(code: string) {
  const type = documentTypes.find((row) => row.code === code);
  if (type === undefined) {
    const known = documentTypes.map((row) => row.code).join(', ');
    throw new Refusal(
      'DOCUMENT_TYPE_NOT_SUPPORTED',
      `Document type '${code}' is not issued here; these are: ${known}.`,
    );
  }
  return type;
}

/**
 * A type that is not issued here has a code of its own, whatever else is wrong with the body.
 * @throws Refusal DOCUMENT_TYPE_NOT_SUPPORTED
 */
export function refuseUnknownType(body: unknown): void {
  const { documentType } = (body ?? {}) as { documentType?: unknown };
  if (typeof documentType === 'string' && /^\d{2}$/.test(documentType)) documentTypeOf(documentType);
}

/**
 * The issuer that may number a document now: enabled for the type and with a certificate that is valid today.
 * @throws Refusal ISSUER_NOT_FOUND, DOCUMENT_TYPE_NOT_ENABLED, CERTIFICATE_EXPIRED
 */
export async function issuerReadyFor(em: EntityManager, scope: IssuerScope, documentType: DocumentType, now: Date) {
  const [row] = await em.execute<({ not_before: string; not_after: string } & EntityDictionary<Issuer>)[]>(
    `select i.*, c.not_before, c.not_after from issuers i join certificates c on c.id = i.certificate_id
     where i.id = ? and i.tenant_id = ? and i.active`,
    [scope.issuerId, scope.tenantId],
  );
  if (row === undefined) throw new Refusal('ISSUER_NOT_FOUND', 'There is no active issuer with this id.');
  const { not_before, not_after, ...columns } = row;
  const [notBefore, notAfter] = [new Date(not_before), new Date(not_after)];
  const issuer = em.map(Issuer, columns as EntityDictionary<Issuer>);
  if (!issuer.documentTypes.includes(documentType)) {
    throw new Refusal('DOCUMENT_TYPE_NOT_ENABLED', `Document type ${documentType} is not enabled for this issuer.`);
  }
  if (now < notBefore || now > notAfter) {
    const [state, instant] = now < notBefore ? ['is not valid before', notBefore] : ['expired on', notAfter];
    throw new Refusal('CERTIFICATE_EXPIRED', `The issuer's certificate ${state} ${instant.toISOString()}; renew it.`);
  }
  return issuer;
}

export function snapshotOf(issuer: Issuer): IssuerSnapshot {
  return {
    ruc: issuer.ruc,
    businessName: issuer.businessName,
    // The main address is mandatory in every document, optional at registration: the branch's stands in for it.
    mainAddress: issuer.mainAddress ?? issuer.branchAddress ?? 'S/N',
    branchCode: issuer.branchCode,
    issuePointCode: issuer.issuePointCode,
    requiredAccounting: issuer.requiredAccounting,
    ...(issuer.tradeName ? { tradeName: issuer.tradeName } : {}),
    ...(issuer.branchAddress ? { branchAddress: issuer.branchAddress } : {}),
    ...(issuer.specialTaxpayer ? { specialTaxpayer: issuer.specialTaxpayer } : {}),
    ...(issuer.withholdingAgent ? { withholdingAgent: issuer.withholdingAgent } : {}),
    ...(issuer.rimpe ? { rimpe: issuer.rimpe } : {}),
    ...(issuer.largeTaxpayer ? { largeTaxpayer: issuer.largeTaxpayer } : {}),
  };
}

/** @throws Refusal VALIDATION_FAILED with every field that breaks a rule. */
export function checkBody(ctx: DocumentContext, body: DocumentBody, issueDate: string, issuer: IssuerSnapshot): void {
  const problems = documentTypeOf(body.documentType).check(body, {
    issueDate,
    finalConsumerLimit: ctx.finalConsumerLimit,
    issuer,
  });
  if (problems.length > 0) throw refusalOf(problems);
}

/**
 * Computes and writes the document, and holds it against our schema.
 * @returns the columns that hold what it says, and what was computed for it
 * @throws Refusal VALIDATION_FAILED when the schema refuses what the checks let through, or it is too big for SRI.
 */
export function writeDocument(ctx: DocumentContext, head: DocumentHead, issuer: IssuerSnapshot, body: DocumentBody) {
  const type = documentTypeOf(body.documentType);
  const version = body.version ?? type.versions[0];
  const totals = type.totals(body);
  const xml = type.write({
    head,
    issuer,
    body,
    totals,
    version,
    ...(ctx.providerRuc === undefined ? {} : { providerRuc: ctx.providerRuc }),
  });
  const bytes = Buffer.from(xml);
  if (bytes.length > MAX_UNSIGNED_BYTES) {
    throw new Refusal('VALIDATION_FAILED', 'The document is larger than the 320 kB that SRI takes.', [
      { field: 'general', message: 'Split it into several documents.' },
    ]);
  }
  const flaws = validateXml(type.code, version, xml);
  if (flaws.length > 0) {
    throw new Refusal(
      'VALIDATION_FAILED',
      "The document does not fit SRI's schema.",
      flaws.map(({ message, path }) => ({
        field: 'general',
        message: path === undefined ? message : `${message} (${path})`,
      })),
    );
  }
  const { idType, id, name, email } = type.party(body);
  const content = {
    total: totals.total,
    buyerIdType: idType,
    buyerId: id,
    buyerName: name,
    buyerSearch: searchable(name),
    buyerEmail: email ?? null,
    body,
    issuer,
    formatVersion: version,
    unsignedXml: bytes,
  };
  return { content, totals };
}
