import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notaCredito, type NotaCreditoBody } from '../../../domain/format/nota-credito.ts';
import { accessKeyCheckDigit } from '../../../domain/model/access-key.ts';
import type { Item } from '../../../domain/model/document.ts';
import { anyBodyOf } from '../../support/bodies.ts';
import { cents, linesInCents } from '../../support/cents.ts';
import { finalConsumer, SAMPLE_DATE, sampleBuyer, sampleHead, sampleItem, sampleOptions } from '../../support/sales.ts';

const MODIFIES = { documentType: '01', number: '001-001-000000123', issueDate: '20/11/2026' };
const OWN_KEY = sampleHead().accessKey;

function sampleNote(body: object = {}): NotaCreditoBody {
  const note = { documentType: '04', buyer: sampleBuyer, modifies: MODIFIES, reason: 'Devolución' };
  return { ...note, items: [sampleItem()], ...body } as NotaCreditoBody;
}

const check = (body: object) => notaCredito.check(sampleNote(body), sampleOptions);
const fields = (body: object) => check(body).map(({ field }) => field);
const about = (modifies: object) => fields({ modifies: { ...MODIFIES, ...modifies } });
const at = (issueDate: string, rateCode: string, rate: string) =>
  fields({
    modifies: { ...MODIFIES, issueDate },
    items: [sampleItem({ taxes: [{ code: '2', rateCode, rate }] })],
  });

/** The key of a document, with parts of it replaced and the check digit made right. */
function keyWith(from: number, part: string): string {
  const digits = (OWN_KEY.slice(0, from) + part + OWN_KEY.slice(from + part.length)).slice(0, 48);
  return digits + accessKeyCheckDigit(digits);
}

describe('a nota de crédito', () => {
  it('comes to the cent to what its lines make', () => {
    fc.assert(
      fc.property(anyBodyOf('04'), (body) => {
        const { items } = body as NotaCreditoBody;
        const { subtotal, total } = notaCredito.totals(body as NotaCreditoBody);
        expect({ subtotal: cents(subtotal), total: cents(total) }).toEqual(linesInCents(items));
      }),
    );
  });

  it('goes by the rates of the day of the sale', () => {
    expect(at('31/03/2024', '2', '12')).toEqual([]);
    expect(at('01/04/2024', '2', '12')).toEqual(['items[0].taxes[0].rateCode']);
    expect(at('31/03/2024', '4', '15')).toEqual(['items[0].taxes[0].rateCode']);
    expect(at('01/04/2024', '4', '15')).toEqual([]);
  });

  it('goes by the day that the access key tells', () => {
    const items = [sampleItem({ taxes: [{ code: '2', rateCode: '2', rate: '12' }] })];
    expect(fields({ modifies: { accessKey: keyWith(0, '15032024') }, items })).toEqual([]);
    expect(fields({ modifies: { accessKey: OWN_KEY }, items })).toEqual(['items[0].taxes[0].rateCode']);
  });

  it('takes an access key alone, or with what it tells', () => {
    expect(fields({ modifies: { accessKey: OWN_KEY } })).toEqual([]);
    const told = { documentType: '01', number: '001-001-000000001', issueDate: SAMPLE_DATE };
    expect(fields({ modifies: { accessKey: OWN_KEY, ...told } })).toEqual([]);
    expect(fields({ modifies: { accessKey: OWN_KEY, ...MODIFIES, documentType: '03' } })).toEqual([
      'modifies.documentType',
      'modifies.number',
      'modifies.issueDate',
    ]);
  });

  it.each([
    ['a check digit that is wrong', `${OWN_KEY.slice(0, 48)}${(Number(OWN_KEY[48]) + 1) % 10}`, 'modifies.accessKey'],
    ['an environment that is none', keyWith(23, '3'), 'modifies.accessKey'],
    ['an emission that is none', keyWith(47, '2'), 'modifies.accessKey'],
    ['the RUC of another', keyWith(10, '0926687856001'), 'modifies.accessKey'],
    ['a day that is none', keyWith(0, '31022026'), 'modifies.issueDate'],
    ['a day to come', keyWith(0, '26112026'), 'modifies.issueDate'],
    ['a type that is none', keyWith(8, '99'), 'modifies.documentType'],
    ['a guía de remisión', keyWith(8, '06'), 'modifies.documentType'],
  ])('refuses an access key with %s', (_, accessKey, field) => {
    expect(fields({ modifies: { accessKey } })).toEqual([field]);
  });

  it('wants the document that it is about named wholly', () => {
    expect(fields({ modifies: {} })).toEqual(['modifies.documentType', 'modifies.number', 'modifies.issueDate']);
    expect(about({ documentType: '06' })).toEqual(['modifies.documentType']);
    expect(about({ documentType: '07' })).toEqual(['modifies.documentType']);
    expect(about({ issueDate: '26/11/2026' })).toEqual(['modifies.issueDate']);
    expect(about({ issueDate: SAMPLE_DATE })).toEqual([]);
    expect(about({ documentType: '02' })).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['the final consumer', { buyer: finalConsumer }, 'buyer.idType'],
    ['a cédula that is none', { buyer: { ...sampleBuyer, id: '0926687850' } }, 'buyer.id'],
    ['a reason of two lines', { reason: 'a\nb' }, 'reason'],
    ['no lines', { items: [] }, 'items'],
    ['15 additional fields', { additionalInfo: Array(15).fill({ name: 'a', value: 'b' }) }, 'additionalInfo'],
    ['its own "RUC Proveedor"', { additionalInfo: [{ name: 'RUC Proveedor', value: '1' }] }, 'additionalInfo[0].name'],
    ['another total', { totals: { total: '11.52' } }, 'totals.total'],
    ['another subtotal', { totals: { subtotal: '9.98' } }, 'totals.subtotal'],
  ])('refuses %s', (_, body, field) => {
    expect(fields(body)).toEqual([field]);
  });

  it.each<[string, Partial<Item>, string]>([
    ['a unit, for which there is no place', { unit: 'kg' }, 'items[0].unit'],
    ['a subsidy, for which there is no place', { unsubsidizedPrice: '6' }, 'items[0].unsubsidizedPrice'],
    ['more discount than price', { discount: '10.01' }, 'items[0].discount'],
    ['a line without IVA', { taxes: [] }, 'items[0].taxes'],
    ['a quantity that is none', { quantity: '1,5' }, 'items[0].quantity'],
    ['a code of 26 characters', { mainCode: 'x'.repeat(26) }, 'items[0].mainCode'],
  ])('refuses %s', (_, item, field) => {
    expect(fields({ items: [sampleItem(item)] })).toEqual([field]);
  });
});
