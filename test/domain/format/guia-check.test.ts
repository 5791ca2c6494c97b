import { describe, expect, it } from 'vitest';
import { guiaRemision, type GuiaBody } from '../../../domain/format/guia-remision.ts';
import { sampleOptions } from '../../support/sales.ts';

type Recipient = GuiaBody['recipients'][number];

const recipient: Recipient = {
  id: '0926687856',
  name: 'María José Ñauta',
  address: 'Malecón 100, Guayaquil',
  reason: 'Venta',
  support: { documentType: '01', number: '001-001-000000123', issueDate: '25/11/2026' },
  items: [{ mainCode: 'CAFE', description: 'Café 500 g', quantity: '40' }],
};
const guia: GuiaBody = {
  documentType: '06',
  carrier: { idType: '04', id: '1793213150001', name: 'Transportes Andinos S.A.' },
  plate: 'PBA1234',
  startAddress: 'Av. Amazonas N21-147, Quito',
  startDate: '25/11/2026',
  endDate: '26/11/2026',
  recipients: [recipient],
};

const fields = (body: Partial<GuiaBody>) =>
  guiaRemision.check({ ...guia, ...body }, sampleOptions).map(({ field }) => field);

describe('the checks of a guía de remisión', () => {
  it('let a right one pass, on the day and later', () => {
    expect(fields({})).toEqual([]);
    expect(fields({ startDate: '30/11/2026', endDate: '30/11/2026' })).toEqual([]);
  });

  it('refuse the final consumer', () => {
    const carrier = { idType: '07', id: '9999999999999', name: 'CONSUMIDOR FINAL' };
    expect(guiaRemision.body.safeParse({ ...guia, carrier }).success).toBe(false);
  });

  it.each<[Partial<GuiaBody>, string]>([
    [{ carrier: { idType: '05', id: '1710034064', name: 'Juan' } }, 'carrier.id'],
    [{ plate: 'x'.repeat(21) }, 'plate'],
    [{ startAddress: 'Quito\nCentro' }, 'startAddress'],
    // SRI's message 82.
    [{ startDate: '24/11/2026' }, 'startDate'],
    [{ startDate: '01/01/2027' }, 'endDate'],
    [{ additionalInfo: [{ name: 'ruc proveedor', value: '1' }] }, 'additionalInfo[0].name'],
  ])('refuse %j', (changed, field) => expect(fields(changed)).toEqual([field]));

  it.each<[Partial<Recipient>, string]>([
    [{ id: 'x'.repeat(21) }, 'id'],
    [{ reason: 'x'.repeat(301) }, 'reason'],
    [{ support: { ...recipient.support!, documentType: '99' } }, 'support.documentType'],
    [{ support: { ...recipient.support!, issueDate: '26/11/2026' } }, 'support.issueDate'],
    [{ items: [{ description: 'Café', quantity: '-1' }] }, 'items[0].quantity'],
    [{ items: [{ description: 'Café', quantity: '1.1234567' }] }, 'items[0].quantity'],
    [{ items: [{ description: ' Café', quantity: '1' }] }, 'items[0].description'],
  ])('refuse a recipient with %j', (changed, field) => {
    expect(fields({ recipients: [recipient, { ...recipient, ...changed }] })).toEqual([`recipients[1].${field}`]);
  });

  it('take a customs document of 20 characters, and no more', () => {
    const body = (length: number) => ({
      ...guia,
      recipients: [{ ...recipient, customsDocument: '0'.repeat(length) }],
    });
    expect(fields(body(20))).toEqual([]);
    expect(guiaRemision.body.safeParse(body(20)).success).toBe(true);
    expect(guiaRemision.body.safeParse(body(21)).error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'recipients.0.customsDocument',
    ]);
  });

  it('amounts to nothing', () => expect(guiaRemision.totals(guia)).toEqual({ total: '0.00' }));
});
