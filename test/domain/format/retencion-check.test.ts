import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comprobanteRetencion, type RetencionBody } from '../../../domain/format/comprobante-retencion.ts';
import type { Reimbursement } from '../../../domain/format/reimbursements.ts';
import { child, childrenOf, readDocumentTree } from '../../../domain/format/ride/document-tree.ts';
import { textOf } from '../../../domain/format/ride/fields.ts';
import type { IssuerSnapshot } from '../../../domain/model/document.ts';
import { anyBodyOf } from '../../support/bodies.ts';
import { sampleHead, sampleIssuer, sampleOptions } from '../../support/sales.ts';

type Support = RetencionBody['supportDocuments'][number];

const support: Support = {
  supportType: '01',
  documentType: '01',
  number: '001-001-000000123',
  issueDate: '20/11/2026',
  subtotal: '100.00',
  taxes: [{ code: '2', rateCode: '4', rate: '15', taxableBase: '100.00', taxAmount: '15.00' }],
  retentions: [
    { tax: '1', code: '312', rate: '2', base: '100.00' },
    { tax: '2', code: '1', rate: '30', base: '15.00' },
  ],
  payments: [{ method: '20', total: '115.00' }],
};
const retencion: RetencionBody = {
  documentType: '07',
  subject: { idType: '04', id: '1793213150001', name: 'Comercial Andina S.A.' },
  relatedParty: false,
  fiscalPeriod: '11/2026',
  supportDocuments: [support],
};
const reimbursement: Reimbursement = {
  supplier: { idType: '04', id: '1793213150001', type: '02' },
  documentType: '01',
  number: '001-001-000000001',
  issueDate: '20/11/2026',
  authorization: '1234567890',
  taxes: [{ code: '2', rateCode: '4', rate: '15', taxableBase: '10.00', taxAmount: '1.50' }],
};
const [renta, iva] = support.retentions as [Support['retentions'][number], Support['retentions'][number]];
const [tax] = support.taxes as [Support['taxes'][number]];
const abroad = { regime: '01', country: '110', treaty: true } as const;

const fields = (body: Partial<RetencionBody>, issuer: Partial<IssuerSnapshot> = {}) =>
  comprobanteRetencion
    .check({ ...retencion, ...body }, { ...sampleOptions, issuer: { ...sampleIssuer, ...issuer } })
    .map(({ field }) => field);
const ofSupport = (changed: Partial<Support>) => fields({ supportDocuments: [support, { ...support, ...changed }] });
const ofReimbursedTax = (changed: Partial<Reimbursement['taxes'][number]>) =>
  ofSupport({ reimbursements: [{ ...reimbursement, taxes: [{ ...reimbursement.taxes[0]!, ...changed }] }] });

describe('the checks of a comprobante de retención', () => {
  it('let a right one pass', () => {
    expect(fields({})).toEqual([]);
    expect(ofSupport({ foreignPayment: abroad, reimbursements: [reimbursement] })).toEqual([]);
  });

  const { number: _, ...unnumbered } = support;

  it('refuse the final consumer', () => {
    const subject = { idType: '07', id: '9999999999999', name: 'CONSUMIDOR FINAL' };
    expect(comprobanteRetencion.body.safeParse({ ...retencion, subject }).success).toBe(false);
  });

  it.each<[Partial<RetencionBody>, string]>([
    [{ subject: { idType: '05', id: '1710034064', name: 'Juan' } }, 'subject.id'],
    [{ subject: { idType: '08', id: 'US-1', name: 'Cocoa Traders Inc.' } }, 'subjectType'],
    [{ subjectType: '03' }, 'subjectType'],
    [{ supportDocuments: [unnumbered] }, 'supportDocuments[0].number'],
    [{ additionalInfo: [{ name: 'RUC Proveedor', value: '1' }] }, 'additionalInfo[0].name'],
  ])('refuse %j', (changed, field) => expect(fields(changed)).toEqual([field]));

  it.each<[Partial<Support>, string]>([
    [{ supportType: '99' }, 'supportType'],
    [{ documentType: '99' }, 'documentType'],
    [{ issueDate: '26/11/2026' }, 'issueDate'],
    [{ accountingDate: '26/11/2026' }, 'accountingDate'],
    [{ foreignPayment: { ...abroad, country: '999' } }, 'foreignPayment.country'],
    [{ foreignPayment: { ...abroad, treaty: false } }, 'foreignPayment.subjectToWithholding'],
    [{ taxes: [{ ...tax, rateCode: '2' }] }, 'taxes[0].rateCode'],
    [{ taxes: [{ ...tax, taxAmount: '14.98' }] }, 'taxes[0].taxAmount'],
    [{ retentions: [{ ...renta, code: '9999' }] }, 'retentions[0].code'],
    [{ retentions: [renta, { ...iva, rate: '70' }] }, 'retentions[1].rate'],
    [{ retentions: [renta, { ...iva, amount: '4.52' }] }, 'retentions[1].amount'],
    [{ retentions: [{ ...renta, base: '1234567890123.00' }] }, 'retentions[0].base'],
    [{ payments: [{ method: '99', total: '115.00' }] }, 'payments[0].method'],
    [{ payments: [{ method: '20', total: '114.99' }] }, 'payments'],
    [{ reimbursements: [{ ...reimbursement, documentType: '99' }] }, 'reimbursements[0].documentType'],
    [{ reimbursements: [{ ...reimbursement, issueDate: '26/11/2026' }] }, 'reimbursements[0].issueDate'],
  ])('refuse a supporting document with %j', (changed, field) => {
    const found = ofSupport(changed);
    expect(found[0]).toBe(`supportDocuments[1].${field}`);
    expect(found.every((name) => name.startsWith('supportDocuments[1].'))).toBe(true);
  });

  it('let a stated amount differ by one cent', () => {
    expect(ofSupport({ retentions: [renta, { ...iva, amount: '4.51' }] })).toEqual([]);
  });

  it.each(['30', '30.0', '30.00', '2.5', '2.50', '1.75', '12.50', '100.00'])('take %s as a percentage', (rate) => {
    const supportDocuments = [{ ...support, retentions: [{ ...iva, rate }] }];
    expect(comprobanteRetencion.body.safeParse({ ...retencion, supportDocuments }).success).toBe(true);
  });

  it.each(['12.55', '1.755', '1000', '-1', '1.', ''])('have no place for %j as a percentage', (rate) => {
    const supportDocuments = [{ ...support, retentions: [{ ...iva, rate }] }];
    expect(comprobanteRetencion.body.safeParse({ ...retencion, supportDocuments }).success).toBe(false);
  });

  it('hold IVA against its rate code: 12 % passed as the code of 15 %', () => {
    const twelve = { rate: '12', taxAmount: '12.00' };
    const payments = [{ method: '20', total: '112.00' }];
    expect(ofSupport({ taxes: [{ ...tax, ...twelve }], payments })).toEqual(['supportDocuments[1].taxes[0].rate']);
    expect(ofReimbursedTax({ rate: '12', taxAmount: '1.20' })).toEqual([
      'supportDocuments[1].reimbursements[0].taxes[0].rate',
    ]);
  });

  it('refuse a reimbursed rate with decimals, which passed though SRI’s schema has no place for it', () => {
    expect(ofReimbursedTax({ code: '3', rateCode: '3072', rate: '7.5', taxAmount: '0.75' })).toEqual([
      'supportDocuments[1].reimbursements[0].taxes[0].rate',
    ]);
  });

  it('refuse an issuer whose resolution has no place', () => {
    expect(fields({}, { specialTaxpayer: '123456' })).toEqual(['general']);
  });

  it('want an autorretención to support itself, without a number', () => {
    const subject = { idType: '04', id: sampleIssuer.ruc, name: sampleIssuer.businessName } as const;
    const itself = { ...unnumbered, supportType: '12', documentType: '42' };
    expect(fields({ subject, supportDocuments: [itself] })).toEqual([]);
    expect(fields({ subject })).toEqual([
      'supportDocuments[0].documentType',
      'supportDocuments[0].supportType',
      'supportDocuments[0].number',
    ]);
  });

  it('refuse a total that has too many digits', () => {
    const much = { ...support, retentions: Array.from({ length: 2 }, () => ({ ...iva, code: '3', rate: '100' })) };
    const retentions = much.retentions.map((entry) => ({ ...entry, base: '999999999999.00' }));
    expect(fields({ supportDocuments: [{ ...support, retentions }] })).toEqual(['supportDocuments']);
  });
});

/** Of an amount with up to two decimals, in cents. */
function cents(amount: string): bigint {
  const [units, decimals = ''] = amount.split('.');
  return BigInt(units! + decimals.padEnd(2, '0'));
}

const shown = (amount: bigint) => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`;

describe('the amounts of a comprobante de retención', () => {
  it('are those of whole cents, half a cent up', () => {
    fc.assert(
      fc.property(anyBodyOf('07'), (any) => {
        const body = any as RetencionBody;
        const totals = comprobanteRetencion.totals(body);
        const xml = comprobanteRetencion.write({
          head: sampleHead({ documentType: '07' }),
          issuer: sampleIssuer,
          version: '2.0.0',
          body,
          totals,
        });
        const written = childrenOf(child(readDocumentTree(xml), 'docsSustento'), 'docSustento');
        let retained = 0n;
        body.supportDocuments.forEach(({ subtotal, taxes, retentions, reimbursements = [] }, index) => {
          const element = written[index]!;
          const total = taxes.reduce((sum, { taxAmount }) => sum + cents(taxAmount), cents(subtotal));
          expect(textOf(element, 'importeTotal')).toBe(shown(total));
          const amounts = retentions.map(({ base, rate }) => (cents(base) * cents(rate) + 5_000n) / 10_000n);
          const values = childrenOf(child(element, 'retenciones'), 'retencion');
          expect(values.map((value) => textOf(value, 'valorRetenido'))).toEqual(amounts.map(shown));
          retained += amounts.reduce((sum, amount) => sum + amount, 0n);
          if (reimbursements.length === 0) return expect(textOf(element, 'totalImpuestoReembolso')).toBeUndefined();
          const reimbursed = reimbursements.flatMap((document) => document.taxes);
          const base = reimbursed.reduce((sum, { taxableBase }) => sum + cents(taxableBase), 0n);
          const tax = reimbursed.reduce((sum, { taxAmount }) => sum + cents(taxAmount), 0n);
          expect(textOf(element, 'totalBaseImponibleReembolso')).toBe(shown(base));
          expect(textOf(element, 'totalImpuestoReembolso')).toBe(shown(tax));
          expect(textOf(element, 'totalComprobantesReembolso')).toBe(shown(base + tax));
        });
        expect(totals.total).toBe(shown(retained));
      }),
    );
  });
});
