import { describe, expect, it } from 'vitest';
import type { DocumentType } from '../../../domain/model/document.ts';
import { helpFor, withHelp } from '../../../domain/sri/message-help.ts';

const said = (identifier: string, additionalInfo?: string) => ({
  identifier,
  message: 'AS SRI SAYS IT',
  type: 'ERROR',
  ...(additionalInfo === undefined ? {} : { additionalInfo }),
});
const fieldsOf = (documentType: DocumentType, identifier: string, additionalInfo?: string) =>
  helpFor(said(identifier, additionalInfo), documentType, 'en')!.fields;
const fields = (identifier: string, additionalInfo?: string) => fieldsOf('01', identifier, additionalInfo);

describe('the help for a message', () => {
  it.each([
    [
      "cvc-minLength-valid: Value '' with length = '0' is not facet-valid with respect to minLength '1' for type '#AnonType_direccionComprador'.",
      ['buyer.address'],
    ],
    [
      "cvc-complex-type.2.4.a: Invalid content was found starting with element 'descripcion'. One of '{codigoPrincipal}' is expected.",
      ['items[].description', 'items[].mainCode'],
    ],
    ["cvc-type.3.1.3: The value 'x' of element 'razonSocialComprador' is not valid.", ['buyer.name']],
    ["The value of element 'constructor' is not valid.", []],
    [undefined, []],
  ])('names the fields of 35 that SRI names: %s', (text, expected) => expect(fields('35', text)).toEqual(expected));

  it.each([
    ['La diferencia está en el valor del IVA', ['items[].taxes']],
    ['Descuento no coincide con el total', ['items[].discount', 'totals']],
    ['La suma de los pagos difiere', ['payments']],
    [undefined, ['items']],
  ])('names the sums of 52: %s', (text, expected) => expect(fields('52', text)).toEqual(expected));

  it('knows the field of a number that says it all', () => {
    expect(fields('65')).toEqual(['issueDate']);
    expect(fields('069')).toEqual(['buyer.id']);
    expect(fields('10')).toEqual([]);
  });

  it.each<[DocumentType, string, string | undefined, string[]]>([
    ['06', '35', "type '#AnonType_numDocSustento'", ['recipients[].support.number']],
    ['07', '35', "type '#AnonType_numDocSustento'", ['supportDocuments[].number']],
    ['06', '35', "element 'detalles'", ['recipients[].items']],
    [
      '07',
      '35',
      "'codDocReembolso' and 'tarifa'",
      ['supportDocuments[].reimbursements[].documentType', 'supportDocuments[].taxes[].rate'],
    ],
    ['03', '35', "element 'codDocReembolso'", ['reimbursements[].documentType']],
    ['07', '52', 'El valor retenido no es el porcentaje de la base', ['supportDocuments[].retentions']],
    ['07', '52', undefined, ['supportDocuments']],
    ['03', '69', undefined, ['supplier.id']],
    ['06', '62', undefined, ['carrier.id']],
    ['07', '59', undefined, ['subject.id']],
    ['07', '64', undefined, ['supportDocuments[].documentType']],
    ['05', '35', "element 'razon'", ['reasons[].reason']],
    ['05', '52', 'Error en el IVA', ['taxes']],
    ['05', '52', undefined, ['reasons']],
    ['04', '68', undefined, ['modifies']],
    ['06', '82', undefined, ['startDate']],
  ])('names the fields of a %s: %s %s', (type, number, text, expected) =>
    expect(fieldsOf(type, number, text)).toEqual(expected),
  );

  it('speaks both languages, and leaves a number that SRI does not list as it is', () => {
    const [known, unknown] = withHelp([said('70'), said('999')], '01', 'es');
    expect(known).toMatchObject({ identifier: '70', help: { next: 'wait', remedy: expect.stringContaining('Nada') } });
    expect(helpFor(said('70'), '01', 'en')!.remedy).toContain('Nothing');
    expect(unknown).toEqual(said('999'));
  });
});
