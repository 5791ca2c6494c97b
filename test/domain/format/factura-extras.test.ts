import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factura, type FacturaBody } from '../../../domain/format/factura.ts';
import { readDocumentTree } from '../../../domain/format/ride/document-tree.ts';
import { validateXml } from '../../../domain/format/schema-check.ts';
import type { Item } from '../../../domain/model/document.ts';
import { anyBodyOf } from '../../support/bodies.ts';
import { sampleBuyer, sampleHead, sampleIssuer, sampleItem, sampleOptions, sampleSale } from '../../support/sales.ts';

const fields = (body: Partial<FacturaBody>) => factura.check(sampleSale(body), sampleOptions).map(({ field }) => field);

/** Where our schema of the JSON finds fault with what the caller sends. */
function refused(body: object): string[] {
  const { success, error } = factura.body.safeParse({ ...sampleSale(), ...body });
  return success ? [] : error.issues.map(({ path }) => path.join('.'));
}

const inDays = [{ method: '20', total: '11.50', term: '30', termUnit: 'dias' as const }];

const abroad: NonNullable<FacturaBody['export']> = {
  incoterm: 'FOB',
  place: 'Miami',
  originCountry: '593',
  loadingPort: 'Guayaquil',
  destinationPort: 'Miami',
  destinationCountry: '110',
};

const transport: NonNullable<FacturaBody['transport']> = {
  startAddress: 'Quito',
  recipientAddress: 'Cuenca',
  startDate: '25/11/2026',
  endDate: '26/11/2026',
  carrier: { idType: '05', id: '0926687856', name: 'Rosa' },
  plate: 'PBA1234',
  destinations: [{ reason: 'Venta' }],
};

describe('an export', () => {
  it('adds its four amounts to the total', () => {
    const amounts = { freight: '40', insurance: '12.5', customs: '8.00', otherTransport: '0.01' };
    const total = (sale: NonNullable<FacturaBody['export']>) => factura.totals(sampleSale({ export: sale })).total;
    expect(total(abroad)).toBe('11.50');
    expect(total({ ...abroad, ...amounts })).toBe('72.01');
    for (const name of ['freight', 'insurance', 'customs', 'otherTransport'])
      expect(total({ ...abroad, [name]: '3.00' })).toBe('14.50');
  });

  it('wants them paid', () => {
    expect(fields({ export: { ...abroad, freight: '3.00' } })).toEqual(['payments']);
    expect(fields({ export: { ...abroad, freight: '3.00' }, payments: [{ method: '20', total: '14.50' }] })).toEqual(
      [],
    );
  });

  it('is printed with the names of its countries', () => {
    const body = sampleSale({ export: { ...abroad, purchaseCountry: '110' } });
    const xml = factura.write({
      head: sampleHead(),
      issuer: sampleIssuer,
      version: '2.1.0',
      body,
      totals: factura.totals(body),
    });
    const facts = factura.view(readDocumentTree(xml)).sections.flatMap((section) => section.facts ?? []);
    expect(facts.filter(({ label }) => label.startsWith('País')).map(({ value }) => value)).toEqual([
      '593 - Ecuador',
      '110 - Estados Unidos',
      '110 - Estados Unidos',
    ]);
  });

  it.each(['originCountry', 'destinationCountry', 'purchaseCountry'])(
    'wants a country of SRI’s table as %s',
    (name) => {
      expect(fields({ export: { ...abroad, [name]: '000' } })).toEqual([`export.${name}`]);
    },
  );

  it.each([
    ['incoterm', 'fob'],
    ['incoterm', 'ABCDEFGHIJK'],
    ['totalIncoterm', ''],
    ['place', ''],
    ['loadingPort', 'Guaya\nquil'],
    ['destinationPort', 'x'.repeat(301)],
    ['destinationCountry', 'US'],
    ['freight', '-1'],
    ['insurance', '1.001'],
    ['customs', '1234567890123'],
  ])('does not take %s %j', (name, value) => {
    expect(refused({ export: { ...abroad, [name]: value } })).toEqual([`export.${name}`]);
  });

  it.each(['incoterm', 'place', 'originCountry', 'loadingPort', 'destinationPort', 'destinationCountry'])(
    'is not one without %s',
    (name) => {
      expect(refused({ export: { ...abroad, [name]: undefined } })).toEqual([`export.${name}`]);
    },
  );
});

describe('the plate', () => {
  const line = (auxiliaryCode: string) => [sampleItem({ auxiliaryCode })];

  it.each(['H492001', 'H492002'])('has three capitals and four digits where a line is transport, %s', (code) => {
    for (const plate of ['PBA1234', 'ABC0123']) expect(fields({ items: line(code), plate })).toEqual([]);
    for (const plate of ['ABC123', 'abc1234', 'PBA-1234', 'PBA12345'])
      expect(fields({ items: line(code), plate })).toEqual(['plate']);
  });

  it('may be one of any country elsewhere', () => {
    expect(fields({ items: line('OTRO'), plate: 'TX 55-1' })).toEqual([]);
    expect(refused({ plate: 'x'.repeat(21) })).toEqual(['plate']);
    expect(refused({ plate: '' })).toEqual(['plate']);
  });
});

describe('what is withheld in advance', () => {
  const withheld = (code: string, rate: string, amount: string) => ({ code, rate, amount });

  it('has a code and the percentage of it', () => {
    expect(fields({ retentions: [withheld('327', '0.2', '0.02'), withheld('328', '0.30', '0.03')] })).toEqual([]);
    expect(fields({ retentions: [withheld('329', '0.2', '0.02')] })).toEqual(['retentions[0].code']);
    expect(fields({ retentions: [withheld('327', '0.3', '0.03')] })).toEqual(['retentions[0].rate']);
    expect(refused({ retentions: [withheld('3270', '1', '1')] })).toEqual(['retentions.0.code']);
    expect(refused({ retentions: [withheld('327', '0.2', 'x')] })).toEqual(['retentions.0.amount']);
    expect(refused({ retentions: [] })).toEqual(['retentions']);
  });

  it('is no more IVA than the factura has, one cent aside, in one sum', () => {
    const iva = (...amounts: string[]) => fields({ retentions: amounts.map((amount) => withheld('3', '100', amount)) });
    expect(iva('1.50')).toEqual([]);
    expect(iva('1.00', '0.51')).toEqual([]);
    expect(iva('1.52')).toEqual(['retentions']);
    expect(iva('1.50', '1.50')).toEqual(['retentions']);
  });

  it('fits SRI’s digits in one sum', () => {
    const half = withheld('327', '0.2', '600000000000');
    expect(fields({ retentions: [half] })).toEqual([]);
    expect(fields({ retentions: [half, half] })).toEqual(['retentions']);
  });
});

describe('transport in place of a guía', () => {
  it('takes a customs document of 64 characters, where a guía takes 20', () => {
    const customs = (length: number) => ({
      transport: {
        ...transport,
        destinations: [{ ...transport.destinations[0]!, customsDocument: 'a'.repeat(length) }],
      },
    });
    expect(fields(customs(64))).toEqual([]);
    expect(refused(customs(64))).toEqual([]);
    expect(refused(customs(65))).toEqual(['transport.destinations.0.customsDocument']);
  });

  it('begins on the day of the factura at the earliest, and ends after that', () => {
    expect(fields({ transport })).toEqual([]);
    expect(fields({ transport: { ...transport, startDate: '24/11/2026' } })).toEqual(['transport.startDate']);
    expect(fields({ transport: { ...transport, startDate: '01/12/2026' } })).toEqual(['transport.endDate']);
  });

  it('has a carrier with a name', () => {
    const carrier = (part: object) => ({ transport: { ...transport, carrier: { ...transport.carrier, ...part } } });
    expect(fields(carrier({ id: '0926687857' }))).toEqual(['transport.carrier.id']);
    expect(fields(carrier({ idType: '04' }))).toEqual(['transport.carrier.id']);
    expect(refused(carrier({ idType: '07' }))).toEqual(['transport.carrier.idType']);
    expect(refused(carrier({ name: '' }))).toEqual(['transport.carrier.name']);
  });

  it.each([
    ['destinations', []],
    ['startDate', '30/02/2026'],
    ['plate', 'x'.repeat(21)],
    ['startAddress', undefined],
  ])('does not take %s %j', (name, value) => {
    expect(refused({ transport: { ...transport, [name]: value } })).toEqual([`transport.${name}`]);
  });

  it('has destinations with a reason and a branch of three digits', () => {
    const to = (destination: object) => refused({ transport: { ...transport, destinations: [destination] } });
    expect(to({ reason: 'Venta', branchCode: '001', customsDocument: 'x'.repeat(64) })).toEqual([]);
    expect(to({ branchCode: '001' })).toEqual(['transport.destinations.0.reason']);
    expect(to({ reason: 'Venta', branchCode: '1' })).toEqual(['transport.destinations.0.branchCode']);
    expect(to({ reason: 'Venta', customsDocument: 'x'.repeat(65) })).toEqual([
      'transport.destinations.0.customsDocument',
    ]);
  });
});

describe('charges of third parties', () => {
  const thirdPartyCharges = [{ concept: 'Tasa de bomberos', total: '1.50' }];

  it('stay outside of the total', () => {
    expect(factura.totals(sampleSale({ thirdPartyCharges })).total).toBe('11.50');
    expect(fields({ thirdPartyCharges })).toEqual([]);
  });

  it('have a concept and an amount', () => {
    expect(refused({ thirdPartyCharges: [] })).toEqual(['thirdPartyCharges']);
    expect(refused({ thirdPartyCharges: [{ concept: '', total: '1.50' }] })).toEqual(['thirdPartyCharges.0.concept']);
    expect(refused({ thirdPartyCharges: [{ concept: 'x', total: 1.5 }] })).toEqual(['thirdPartyCharges.0.total']);
  });

  it('and transport are known to version 2.1.0 only', () => {
    expect(fields({ version: '1.1.0', transport, thirdPartyCharges })).toEqual(['transport', 'thirdPartyCharges']);
    expect(fields({ version: '2.1.0', transport, thirdPartyCharges })).toEqual([]);
  });
});

describe('a negotiable factura', () => {
  const negotiable = { email: 'acepta@example.com' };

  it('wants the address of its buyer and a term in days', () => {
    const { address, ...unaddressed } = sampleBuyer;
    expect(address).toBeDefined();
    expect(fields({ negotiable, payments: inDays })).toEqual([]);
    expect(fields({ negotiable, payments: inDays, buyer: unaddressed })).toEqual(['buyer.address']);
    expect(fields({ negotiable })).toEqual(['payments']);
    expect(fields({ negotiable, payments: [{ ...inDays[0]!, termUnit: 'meses' }] })).toEqual(['payments']);
  });

  it('wants an address for its acceptance, of 100 characters at most', () => {
    expect(refused({ negotiable: {} })).toEqual(['negotiable.email']);
    expect(refused({ negotiable: { email: 'nadie' } })).toEqual(['negotiable.email']);
    expect(refused({ negotiable: { email: `a@${'x'.repeat(60)}.${'y'.repeat(60)}.ec` } })).toEqual([
      'negotiable.email',
    ]);
  });
});

describe('a subsidy', () => {
  const subsidized = (unsubsidizedPrice: string, item: Partial<Item> = {}) => [
    sampleItem({ ...item, unsubsidizedPrice }),
  ];

  it('is no price below what is paid', () => {
    expect(fields({ items: subsidized('5.00') })).toEqual([]);
    expect(fields({ items: subsidized('4.999999') })).toEqual(['items[0].unsubsidizedPrice']);
    expect(fields({ items: subsidized('7.1234567') })).toEqual(['items[0].unsubsidizedPrice']);
  });

  it('fits SRI’s digits', () => {
    const items = subsidized('999999999999', { quantity: '10', unitPrice: '1.00' });
    expect(fields({ items })).toEqual(['items']);
  });
});

describe('sums that are no part of the total', () => {
  const ice = (taxableBase: string) =>
    sampleItem({
      taxes: [
        { code: '2', rateCode: '0', rate: '0' },
        { code: '3', rateCode: '3092', rate: '15', taxableBase, taxAmount: '1.00' },
      ],
    });
  const given = sampleItem({ quantity: '1', unitPrice: '600000000000', discount: '600000000000' });

  it('fit SRI’s digits as well', () => {
    expect(fields({ items: [ice('600000000000')] })).toEqual([]);
    expect(fields({ items: [ice('600000000000'), ice('600000000000')] })).toEqual(['items']);
    expect(fields({ items: [given] })).toEqual([]);
    expect(fields({ items: [given, given] })).toEqual(['items']);
  });
});

describe('version 1.1.0', () => {
  it('takes everything else', () => {
    fc.assert(
      fc.property(anyBodyOf('01'), (body) => {
        const { transport: _, thirdPartyCharges: __, ...rest } = body as FacturaBody;
        const sale: FacturaBody = { ...rest, version: '1.1.0' };
        expect(factura.check(sale, sampleOptions)).toEqual([]);
        const totals = factura.totals(sale);
        const xml = factura.write({ head: sampleHead(), issuer: sampleIssuer, body: sale, totals, version: '1.1.0' });
        expect(validateXml('01', '1.1.0', xml)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
