import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notaDebito, type NotaDebitoBody } from '../../../domain/format/nota-debito.ts';
import type { LineTax } from '../../../domain/model/document.ts';
import { anyBodyOf } from '../../support/bodies.ts';
import { cents, reasonsInCents } from '../../support/cents.ts';
import { finalConsumer, iva15, sampleBuyer, sampleOptions } from '../../support/sales.ts';

const ice: LineTax = { code: '3', rateCode: '3053', rate: '0.18', taxableBase: '6.00', taxAmount: '1.08' };
const iva0: LineTax = { code: '2', rateCode: '0', rate: '0' };
const on = (tax: LineTax, taxableBase: string): LineTax => ({ ...tax, taxableBase });

/** Ten dollars of interest, paid in one. */
function sampleNote(body: object = {}): NotaDebitoBody {
  const note = {
    documentType: '05',
    buyer: sampleBuyer,
    modifies: { documentType: '01', number: '001-001-000000123', issueDate: '20/11/2026' },
    reasons: [{ reason: 'Interés por mora', amount: '10.00' }],
    taxes: [iva15],
    payments: [],
    ...body,
  } as NotaDebitoBody;
  if (note.payments.length > 0) return note;
  return { ...note, payments: [{ method: '20', total: notaDebito.totals(note).total }] };
}

const fields = (body: object) => notaDebito.check(sampleNote(body), sampleOptions).map(({ field }) => field);
const totals = (...taxes: LineTax[]) => notaDebito.totals(sampleNote({ taxes }));
const taxed = (...taxes: LineTax[]) => fields({ taxes });

describe('a nota de débito', () => {
  it('comes to the cent to what its reasons and taxes make', () => {
    fc.assert(
      fc.property(anyBodyOf('05'), (body) => {
        const { reasons, taxes } = body as NotaDebitoBody;
        const { subtotal, total } = notaDebito.totals(body as NotaDebitoBody);
        const amounts = reasons.map(({ amount }) => amount);
        expect({ subtotal: cents(subtotal), total: cents(total) }).toEqual(reasonsInCents(amounts, taxes));
      }),
    );
  });

  it('puts ICE into the base of IVA where that is taxed', () => {
    expect(totals(iva15, ice).taxes[0]).toMatchObject({ base: '11.08', amount: '1.66' });
    expect(totals(iva0, ice).taxes[0]).toMatchObject({ base: '10.00', amount: '0.00' });
    expect(totals(iva15, ice).total).toBe('12.74');
    expect(taxed(iva15, ice)).toEqual([]);
    expect(taxed(on(iva15, '10.00'), ice)).toEqual(['taxes[0].taxableBase']);
  });

  it('writes the base that it has computed, and not one a cent off', () => {
    expect(taxed(on(iva15, '10.01'))).toEqual([]);
    expect(totals(on(iva15, '10.01')).taxes[0]).toMatchObject({ base: '10.00', amount: '1.50' });
    expect(taxed(on(iva15, '10.02'))).toEqual(['taxes[0].taxableBase']);
    expect(taxed({ ...iva15, taxAmount: '1.52' })).toEqual(['taxes[0].taxAmount']);
  });

  it('shares its sum among several rates, each with its base', () => {
    expect(taxed(on(iva15, '4.00'), on(iva0, '6.00'))).toEqual([]);
    expect(totals(on(iva15, '4.00'), on(iva0, '6.00')).total).toBe('10.60');
    expect(taxed(on(iva15, '4.00'), iva0)).toEqual(['taxes[1].taxableBase']);
    expect(taxed(on(iva15, '4.00'), on(iva0, '5.99'))).toEqual(['taxes']);
    expect(taxed(on(iva15, '4.00'), on(iva0, '6.01'))).toEqual(['taxes']);
    expect(taxed(on(iva15, '4.00'), on(iva15, '6.00'))).toEqual(['taxes[1].code']);
    expect(taxed(on(iva15, '5.08'), on(iva0, '6.00'), ice)).toEqual([]);
    expect(taxed(on(iva15, '5.09'), on(iva0, '6.00'), ice)).toEqual(['taxes']);
  });

  it('goes by the rates of the day of the sale', () => {
    const at = (issueDate: string) =>
      fields({
        modifies: { documentType: '01', number: '001-001-000000123', issueDate },
        taxes: [{ code: '2', rateCode: '2', rate: '12' }],
      });
    expect(at('31/03/2024')).toEqual([]);
    expect(at('01/04/2024')).toEqual(['taxes[0].rateCode']);
  });

  it.each<[string, object, string]>([
    ['the final consumer', { buyer: finalConsumer }, 'buyer.idType'],
    [
      'a document that is half named',
      { modifies: { documentType: '01', number: '001-001-000000123' } },
      'modifies.issueDate',
    ],
    ['an amount of three decimals', { reasons: [{ reason: 'a', amount: '1.005' }] }, 'reasons[0].amount'],
    ['a reason of two lines', { reasons: [{ reason: 'a\nb', amount: '1' }] }, 'reasons[0].reason'],
    ['no IVA', { taxes: [ice] }, 'taxes'],
    [
      'an ICE without its amount',
      { taxes: [iva15, { code: '3', rateCode: '3053', rate: '0.18', taxableBase: '1' }] },
      'taxes[1].taxAmount',
    ],
    ['payments that are not the total', { payments: [{ method: '01', total: '11.49' }] }, 'payments'],
    ['a way to pay that is none', { payments: [{ method: '02', total: '11.50' }] }, 'payments[0].method'],
    ['a term without its unit', { payments: [{ method: '01', total: '11.50', term: '3' }] }, 'payments[0].termUnit'],
    ['its own "RUC Proveedor"', { additionalInfo: [{ name: 'RUC Proveedor', value: '1' }] }, 'additionalInfo[0].name'],
    [
      'more than 12 digits',
      {
        reasons: Array(2).fill({ reason: 'a', amount: '900000000000' }),
        payments: Array(3).fill({ method: '20', total: '690000000000' }),
      },
      'reasons',
    ],
  ])('refuses %s', (_, body, field) => {
    expect(fields(body)).toEqual([field]);
  });
});
