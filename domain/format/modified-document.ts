import { z } from 'zod';
import { isAccessKey, parseAccessKey } from '../model/access-key.ts';
import { SUPPORT_DOCUMENTS } from '../model/catalogues.ts';
import { checkCode, type Report } from '../model/checks.ts';
import type { IssuerSnapshot, Party } from '../model/document.ts';
import { isoDateOf, isTaxDate } from '../model/tax-date.ts';
import { digits, taxDate } from './body-fields.ts';
import { documentNumber } from './body-parts.ts';
import { type Rule, text } from './canonical-xml.ts';
import type { Modification, WriteInput } from './document-type.ts';
import { requiredAccounting, specialTaxpayer } from './elements.ts';
import type { DocumentElement } from './ride/document-tree.ts';
import { facts, nameOf, textOf } from './ride/fields.ts';
import { idLabel } from './ride/sale-view.ts';
import type { Fact } from './ride/view.ts';

/** The document that a note changes. */
export const ModifiedIn = z
  .strictObject({
    accessKey: digits(49)
      .exactOptional()
      .meta({ description: 'Of an electronic document: tells the rest, which may be left out then.' }),
    documentType: digits(2)
      .exactOptional()
      .meta({ description: 'Of the transactional annex; 01 is a factura.', example: '01' }),
    number: documentNumber().exactOptional(),
    issueDate: taxDate().exactOptional().meta({ example: '20/11/2026' }),
  })
  .meta({ id: 'ModifiedDocumentIn', description: 'By access key, or by type, number and date.' });

export type Modified = z.output<typeof ModifiedIn>;

/** Guía de remisión and comprobante de retención tell of no sale; the schemas take two digits. */
const MODIFIABLE = SUPPORT_DOCUMENTS.filter(({ code }) => code.length === 2 && code !== '06' && code !== '07');

/** An access key holds all of it (ficha técnica 2.34, table 1). The reference has passed `checkModified`. */
export function modifiedDocument({
  accessKey,
  documentType,
  number,
  issueDate,
}: Modified): Omit<Modification, 'credit'> {
  if (accessKey === undefined) return { documentType: documentType!, number: number!, issueDate: issueDate! };
  const key = parseAccessKey(accessKey);
  return {
    documentType: key.documentType,
    number: `${key.branchCode}-${key.issuePointCode}-${key.sequential}`,
    issueDate: key.issueDate,
    accessKey,
  };
}

/** It is named wholly and once, and it is older than the note, or as old; by that date go the rates of IVA. */
export function checkModified(modified: Modified, issueDate: string, issuer: IssuerSnapshot, report: Report): void {
  const { accessKey } = modified;
  if (accessKey === undefined) {
    for (const name of ['documentType', 'number', 'issueDate'] as const) {
      if (modified[name] === undefined) report(`modifies.${name}`, 'is required where there is no access key');
    }
  } else if (!isAccessKey(accessKey)) {
    return report('modifies.accessKey', 'must be an access key; a part of it, or its check digit, is wrong', accessKey);
  } else {
    const told = modifiedDocument(modified);
    for (const name of ['documentType', 'number', 'issueDate'] as const) {
      const stated = modified[name];
      if (stated !== undefined && stated !== told[name]) {
        report(`modifies.${name}`, `must be ${told[name]}, as the access key has it`, stated);
      }
    }
    if (parseAccessKey(accessKey).ruc !== issuer.ruc)
      report('modifies.accessKey', `must be of a document of RUC ${issuer.ruc}, the issuer's`, accessKey);
  }
  const { documentType, issueDate: date } = accessKey === undefined ? modified : modifiedDocument(modified);
  checkCode(documentType, 'modifies.documentType', MODIFIABLE, issueDate, report);
  if (date !== undefined && (!isTaxDate(date) || isoDateOf(date) > isoDateOf(issueDate)))
    report('modifies.issueDate', `must be a day of the calendar, and not after ${issueDate}`, date);
}

/** How a note begins, up to the sum of what it is about. */
export const noteHeader: Rule<WriteInput<{ documentType: '04' | '05'; buyer: Party; modifies: Modified }>>[] = [
  text('fechaEmision', ({ head }) => head.issueDate),
  text('dirEstablecimiento', ({ issuer }) => issuer.branchAddress),
  text('tipoIdentificacionComprador', ({ body: { buyer } }) => buyer.idType),
  text('razonSocialComprador', ({ body: { buyer } }) => buyer.name),
  text('identificacionComprador', ({ body: { buyer } }) => buyer.id),
  specialTaxpayer,
  requiredAccounting,
  text('codDocModificado', ({ body: { modifies } }) => modifiedDocument(modifies).documentType),
  text('numDocModificado', ({ body: { modifies } }) => modifiedDocument(modifies).number),
  text('fechaEmisionDocSustento', ({ body: { modifies } }) => modifiedDocument(modifies).issueDate),
];

/** The same on paper. */
export function noteFacts(info: DocumentElement | undefined): Fact[] {
  const code = textOf(info, 'codDocModificado');
  const name = nameOf(SUPPORT_DOCUMENTS, code) ?? code;
  return facts([
    ['Razón Social / Nombres y Apellidos', textOf(info, 'razonSocialComprador'), 'wide'],
    [idLabel(textOf(info, 'tipoIdentificacionComprador')), textOf(info, 'identificacionComprador')],
    ['Fecha Emisión', textOf(info, 'fechaEmision')],
    ['Comprobante que se modifica', [name, textOf(info, 'numDocModificado')].filter(Boolean).join(' ')],
    ['Fecha Emisión (comprobante a modificar)', textOf(info, 'fechaEmisionDocSustento')],
  ]);
}
