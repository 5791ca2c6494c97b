import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factura, type FacturaBody } from '../../../domain/format/factura.ts';
import { liquidacionCompra, type LiquidacionBody } from '../../../domain/format/liquidacion-compra.ts';
import type { Reimbursement } from '../../../domain/format/reimbursements.ts';
import {
  child,
  childrenOf,
  type DocumentElement,
  readDocumentTree,
} from '../../../domain/format/ride/document-tree.ts';
import type { Item } from '../../../domain/model/document.ts';
import { anyBodyOf } from '../../support/bodies.ts';
import { sampleHead, sampleIssuer } from '../../support/sales.ts';

/*
 * The amounts of the XML against a computation that shares nothing with ours: integers, by the ficha técnica (§"Totales").
 */

/** A decimal as an integer of so many decimals; none may be lost. */
function scaled(text: string, decimals: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

const cents = (text: string | undefined) => scaled(text ?? '0', 2);
const total = (amounts: readonly bigint[]) => amounts.reduce((all, amount) => all + amount, 0n);

/** Half up; of what is not negative. */
const over = (amount: bigint, divisor: bigint) => (amount * 2n + divisor) / (divisor * 2n);

/** Cents: those of each line, of each rate in `taxes`, and of the whole. */
function inCents(items: readonly Item[]) {
  const rows = new Map<string, { base: bigint; amount: bigint; rate: bigint }>();
  const nets = items.map(({ quantity, unitPrice, discount, taxes }) => {
    const exact = scaled(quantity, 6) * scaled(unitPrice, 6) - cents(discount) * 10n ** 10n;
    const net = over(exact, 10n ** 10n);
    const ice = total(taxes.filter(({ code }) => code === '3').map(({ taxAmount }) => cents(taxAmount)));
    for (const { code, rateCode, rate, taxableBase, taxAmount } of taxes) {
      const key = `${code} ${rateCode}`;
      const row = rows.get(key) ?? { base: 0n, amount: 0n, rate: cents(rate) };
      const taxed = code === '2' && row.rate > 0n ? net + ice : net;
      row.base += code === '2' ? taxed : cents(taxableBase);
      row.amount += code === '2' ? 0n : cents(taxAmount);
      rows.set(key, row);
    }
    return net;
  });
  for (const [key, row] of rows) if (key.startsWith('2 ')) row.amount = over(row.base * row.rate, 10_000n);
  const discount = total(items.map((item) => cents(item.discount)));
  const taxes = [...rows].map(([key, { base, amount }]) => ({ key, base, amount }));
  return { nets, discount, taxes, subtotal: total(nets), tax: total(taxes.map(({ amount }) => amount)) };
}

function reimbursedInCents(documents: readonly Reimbursement[] | undefined) {
  if (documents === undefined) return { base: undefined, tax: undefined, total: undefined };
  const taxes = documents.flatMap((document) => document.taxes);
  const base = total(taxes.map(({ taxableBase }) => cents(taxableBase)));
  const tax = total(taxes.map(({ taxAmount }) => cents(taxAmount)));
  return { base, tax, total: base + tax };
}

const centsAt = (element: DocumentElement | undefined, name: string) => {
  const text = child(element, name)?.text;
  return text === undefined ? undefined : cents(text);
};

/** What a sale's XML says of the same amounts. */
function written(root: DocumentElement, info: DocumentElement | undefined) {
  return {
    nets: childrenOf(child(root, 'detalles'), 'detalle').map((line) => centsAt(line, 'precioTotalSinImpuesto')),
    discount: centsAt(info, 'totalDescuento'),
    taxes: childrenOf(child(info, 'totalConImpuestos'), 'totalImpuesto').map((tax) => ({
      key: `${child(tax, 'codigo')?.text} ${child(tax, 'codigoPorcentaje')?.text}`,
      base: centsAt(tax, 'baseImponible'),
      amount: centsAt(tax, 'valor'),
    })),
    subtotal: centsAt(info, 'totalSinImpuestos'),
    total: centsAt(info, 'importeTotal'),
    reimbursed: {
      base: centsAt(info, 'totalBaseImponibleReembolso'),
      tax: centsAt(info, 'totalImpuestoReembolso'),
      total: centsAt(info, 'totalComprobantesReembolso'),
    },
  };
}

describe('to the cent', () => {
  it('a factura is what integers make of it', () => {
    fc.assert(
      fc.property(anyBodyOf('01'), (any) => {
        const body = any as FacturaBody;
        const xml = factura.write({
          head: sampleHead(),
          issuer: sampleIssuer,
          version: '2.1.0',
          body,
          totals: factura.totals(body),
        });
        const root = readDocumentTree(xml);
        const info = child(root, 'infoFactura');
        const { tax, ...expected } = inCents(body.items);
        const { freight, insurance, customs, otherTransport } = body.export ?? {};
        const more = [body.tip, freight, insurance, customs, otherTransport].map(cents);
        expect(written(root, info)).toEqual({
          ...expected,
          total: expected.subtotal + tax + total(more),
          reimbursed: reimbursedInCents(body.reimbursements),
        });
        expect(centsAt(info, 'valorRetRenta')).toEqual(
          body.retentions && total(body.retentions.map(({ amount }) => cents(amount))),
        );
      }),
    );
  });

  it('the subsidy is what the lines would have cost besides', () => {
    const price = fc.integer({ min: 0, max: 9_000_000 });
    const priced = fc.record({ quantity: price, unitPrice: price, more: price });
    const micro = (amount: number) => `${Math.floor(amount / 1e6)}.${String(amount % 1e6).padStart(6, '0')}`;
    fc.assert(
      fc.property(fc.array(priced, { minLength: 1, maxLength: 5 }), (lines) => {
        const items = lines.map(({ quantity, unitPrice, more }) => ({
          mainCode: 'GAS',
          description: 'Gasolina',
          quantity: micro(quantity),
          unitPrice: micro(unitPrice),
          unsubsidizedPrice: micro(unitPrice + more),
          taxes: [{ code: '2' as const, rateCode: '4', rate: '15' }],
        }));
        const body: FacturaBody = {
          documentType: '01',
          buyer: { idType: '08', id: 'X', name: 'X' },
          items,
          payments: [],
        };
        const head = sampleHead();
        const totals = factura.totals(body);
        const xml = factura.write({ head, issuer: sampleIssuer, version: '2.1.0', body, totals });
        const saved = total(lines.map(({ quantity, more }) => BigInt(quantity) * BigInt(more)));
        expect(centsAt(child(readDocumentTree(xml), 'infoFactura'), 'totalSubsidio')).toBe(over(saved, 10n ** 10n));
      }),
    );
  });

  it('a liquidación de compra is what integers make of it', () => {
    fc.assert(
      fc.property(anyBodyOf('03'), (any) => {
        const body = any as LiquidacionBody;
        const xml = liquidacionCompra.write({
          head: sampleHead({ documentType: '03' }),
          issuer: sampleIssuer,
          version: '1.1.0',
          body,
          totals: liquidacionCompra.totals(body),
        });
        const root = readDocumentTree(xml);
        const { tax, ...expected } = inCents(body.items);
        expect(written(root, child(root, 'infoLiquidacionCompra'))).toEqual({
          ...expected,
          total: expected.subtotal + tax,
          reimbursed: reimbursedInCents(body.reimbursements),
        });
      }),
    );
  });
});
