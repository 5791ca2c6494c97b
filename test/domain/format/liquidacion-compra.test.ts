import { describe, expect, it } from 'vitest';
import { factura } from '../../../domain/format/factura.ts';
import { liquidacionCompra, type LiquidacionBody } from '../../../domain/format/liquidacion-compra.ts';
import type { Reimbursement } from '../../../domain/format/reimbursements.ts';
import type { LineTax } from '../../../domain/model/document.ts';
import { iva15, sampleItem, sampleOptions, sampleSale } from '../../support/sales.ts';

const purchase = (body: Partial<LiquidacionBody> = {}): LiquidacionBody => ({
  documentType: '03',
  supplier: { idType: '05', id: '0926687856', name: 'Rosa' },
  items: [sampleItem()],
  payments: [{ method: '20', total: '11.50' }],
  ...body,
});

const fields = (body: Partial<LiquidacionBody>) =>
  liquidacionCompra.check(purchase(body), sampleOptions).map(({ field }) => field);

/** Where the schema of the JSON finds fault. */
function refused(body: object, whole: object = purchase(), type = liquidacionCompra.body): string[] {
  const { success, error } = type.safeParse({ ...whole, ...body });
  return success ? [] : error.issues.map(({ path }) => path.join('.'));
}

describe('the checks of a liquidación de compra', () => {
  it('let a right one pass, with or without an address to mail to', () => {
    expect(fields({})).toEqual([]);
    expect(refused({})).toEqual([]);
    expect(refused({ supplier: { ...purchase().supplier, email: 'rosa@example.com' } })).toEqual([]);
  });

  it('want a supplier with a name and an id that fits its type', () => {
    const supplier = (part: object) => ({ supplier: { ...purchase().supplier, ...part } });
    expect(fields(supplier({ id: '0926687857' }))).toEqual(['supplier.id']);
    expect(fields(supplier({ idType: '04' }))).toEqual(['supplier.id']);
    expect(fields(supplier({ idType: '07', id: '9999999999999' }))).toEqual(['supplier.idType']);
    expect(refused(supplier({ idType: '07' }))).toEqual(['supplier.idType']);
    expect(refused({ supplier: undefined })).toEqual(['supplier']);
    expect(refused(supplier({ name: undefined }))).toEqual(['supplier.name']);
  });

  it('know IVA only', () => {
    const ice: LineTax = { code: '3', rateCode: '3092', rate: '15', taxableBase: '1.00', taxAmount: '0.00' };
    expect(fields({ items: [sampleItem({ taxes: [iva15, ice] })] })).toEqual(['items[0].taxes[1].code']);
    expect(fields({ items: [sampleItem({ taxes: [{ ...iva15, rate: '12' }] })] })).toEqual(['items[0].taxes[0].rate']);
  });

  it('hold what is stated and paid against the lines', () => {
    expect(fields({ payments: [{ method: '20', total: '11.49' }] })).toEqual(['payments']);
    expect(fields({ payments: [{ method: '02', total: '11.50' }] })).toEqual(['payments[0].method']);
    expect(fields({ totals: { total: '11.52' } })).toEqual(['totals.total']);
  });

  it('refuse what a factura has and it has not', () => {
    for (const name of ['buyer', 'tip', 'guiaRemision', 'export', 'transport', 'retentions'])
      expect(refused({ [name]: 'x' })).toHaveLength(1);
    expect(refused({ version: '1.0.0' })).toEqual(['version']);
    expect(refused({ items: [] })).toEqual(['items']);
    expect(refused({ payments: [] })).toEqual(['payments']);
  });

  it('keep the place and the name of "RUC Proveedor"', () => {
    expect(fields({ additionalInfo: [{ name: 'RUC Proveedor', value: '1' }] })).toEqual(['additionalInfo[0].name']);
    const info = Array.from({ length: 15 }, (_, at) => ({ name: `Campo ${at}`, value: 'x' }));
    expect(fields({ additionalInfo: info })).toEqual(['additionalInfo']);
    expect(fields({ additionalInfo: info.slice(1) })).toEqual([]);
  });
});

const reimbursement: Reimbursement = {
  supplier: { idType: '04', id: '1793213150001', type: '02', country: '593' },
  documentType: '01',
  number: '001-002-000000121',
  issueDate: '20/11/2026',
  authorization: '2011202601179321315000110010010000001231234567811',
  taxes: [{ code: '2', rateCode: '4', rate: '15', taxableBase: '40.00', taxAmount: '6.00' }],
};
const broken = (part: Partial<Reimbursement>) => [{ ...reimbursement, ...part }];
const taxed = (part: Partial<Reimbursement['taxes'][number]>) =>
  broken({ taxes: [{ ...reimbursement.taxes[0]!, ...part }] });
const supplied = (part: Partial<Reimbursement['supplier']>) =>
  broken({ supplier: { ...reimbursement.supplier, ...part } });

describe.each([
  [
    'factura',
    (reimbursements: Reimbursement[]) => factura.check(sampleSale({ reimbursements }), sampleOptions),
    (reimbursements: unknown) => refused({ reimbursements }, sampleSale(), factura.body),
  ],
  [
    'liquidación',
    (reimbursements: Reimbursement[]) => liquidacionCompra.check(purchase({ reimbursements }), sampleOptions),
    (reimbursements: unknown) => refused({ reimbursements }),
  ],
] as const)('the reimbursements of a %s', (_, check, refuses) => {
  it('are taken when all of it is right', () => {
    expect(check([reimbursement])).toEqual([]);
    expect(check(supplied({ idType: '08', id: 'X-1' }))).toEqual([]);
    expect(check(broken({ issueDate: '25/11/2026' }))).toEqual([]);
  });

  it('take what the day of the supplier’s document had', () => {
    const old = { rateCode: '2', rate: '12', taxAmount: '4.80' };
    const before = taxed(old).map((document) => ({ ...document, issueDate: '31/03/2024' }));
    expect(check(before)).toEqual([]);
    expect(check(taxed(old)).map(({ field }) => field)).toEqual(['reimbursements[0].taxes[0].rateCode']);
  });

  it.each([
    ['supplier.id', supplied({ id: '1793213150002' })],
    ['supplier.type', supplied({ type: '03' })],
    ['supplier.country', supplied({ country: '000' })],
    ['documentType', broken({ documentType: '99' })],
    ['issueDate', broken({ issueDate: '26/11/2026' })],
    ['taxes[0].rate', taxed({ rate: '5', taxAmount: '2.00' })],
    ['taxes[0].rateCode', taxed({ rateCode: '9' })],
    ['taxes[0].taxAmount', taxed({ taxAmount: '6.02' })],
  ])('with a wrong %s are refused', (field, documents) => {
    expect(check(documents).map((problem) => problem.field)).toEqual([`reimbursements[0].${field}`]);
  });

  it.each([
    ['number', broken({ number: '1-2-3' })],
    ['authorization', broken({ authorization: '123456789' })],
    ['authorization', broken({ authorization: '1'.repeat(50) })],
    ['issueDate', broken({ issueDate: '31/11/2026' })],
    ['taxes', broken({ taxes: [] })],
    ['taxes.0.taxableBase', taxed({ taxableBase: '-1' })],
    ['taxes.0.taxAmount', taxed({ taxAmount: '6.001' })],
    ['taxes.0.code', taxed({ code: '4' as '2' })],
    ['supplier.idType', supplied({ idType: '09' as '08' })],
    ['documentType', broken({ documentType: '1' })],
  ])('with a %s out of shape are no JSON of ours', (field, documents) => {
    expect(refuses(documents)).toEqual([`reimbursements.0.${field}`]);
  });

  it('may be documents with a code of three digits', () => {
    const used = broken({ documentType: '294' });
    expect(refuses(used)).toEqual([]);
    expect(check(used)).toEqual([]);
  });

  it('fit SRI’s digits in one sum', () => {
    const half = taxed({ code: '5', rateCode: '5001', rate: '0.02', taxableBase: '600000000000', taxAmount: '0' });
    expect(check(half)).toEqual([]);
    expect(check([...half, ...half]).map(({ field }) => field)).toEqual(['reimbursements']);
  });

  it('are not an empty list', () => {
    expect(refuses([])).toEqual(['reimbursements']);
  });
});
