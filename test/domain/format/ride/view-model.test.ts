import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rideView } from '../../../../domain/format/ride/view-model.ts';
import { element, facturaXml, manyLines, type Sample, sampleKey, totalTax } from './factura-xml.ts';

const view = (sample: Partial<Sample>, authorizationDate = '2026-11-25T10:20:30-05:00') =>
  rideView({
    documentXml: facturaXml({ lines: manyLines(1), ...sample }),
    authorizationNumber: sampleKey(),
    authorizationDate,
    environment: 'sandbox',
  });
const totals = (sample: Partial<Sample>) => view(sample).totals.map(({ label, amount }) => `${label} ${amount}`);

describe('rideView', () => {
  it('reads issuer, number and buyer from the document', () => {
    const { issuer, sections, ...rest } = view({});
    expect(rest).toMatchObject({
      title: 'FACTURA',
      number: '001-001-000000001',
      accessKey: sampleKey(),
      environment: 'sandbox',
    });
    expect(issuer).toEqual({
      businessName: 'COMERCIAL PEÑA & NÚÑEZ CÍA. LTDA.',
      tradeName: 'La Esquina del Café',
      ruc: '1790016919001',
      facts: [
        { label: 'Dirección Matriz', value: 'Av. Amazonas N34-451 y Av. Atahualpa, Edificio Bolívar, Quito' },
        { label: 'Dirección Establecimiento', value: 'Calle García Moreno 5-32 y Sucre, Cuenca' },
        { label: 'Obligado a llevar contabilidad', value: 'SI' },
      ],
      legends: [],
    });
    expect(sections[0]!.facts).toEqual([
      { label: 'Razón Social / Nombres y Apellidos', value: 'Juan Pérez Ñandú', wide: true },
      { label: 'Identificación (Cédula)', value: '1710034065' },
      { label: 'Fecha Emisión', value: '25/11/2026' },
      { label: 'Dirección', value: 'Salinas N17-203 y Santiago, Quito', wide: true },
    ]);
  });

  it('names every regime of the issuer', () => {
    const { issuer } = view({
      tax: '<agenteRetencion>12</agenteRetencion><contribuyenteRimpe>CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE</contribuyenteRimpe>',
      info: '<contribuyenteEspecial>5368</contribuyenteEspecial>',
      additionalInfo: [['Gran Contribuyente', 'NAC-GCFOIOC21-00000973']],
    });
    expect(issuer.legends).toEqual([
      'CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE',
      'Agente de Retención Resolución No. 12',
      'Gran Contribuyente Resolución No. NAC-GCFOIOC21-00000973',
    ]);
    expect(issuer.facts).toContainEqual({ label: 'Contribuyente Especial Nro.', value: '5368' });
  });

  it('keeps the subtotals of 0 %, no objeto, exento and each rate apart, highest rate first', () => {
    const lines = ['6', '0', '8', '4', '7', '5', '0'].map((rateCode, index) => ({
      description: 'x',
      net: `${index + 1}.00`,
      rateCode,
    }));
    expect(totals({ lines })).toEqual([
      'SUBTOTAL 15% 4.00',
      'SUBTOTAL 5% 6.00',
      'SUBTOTAL 0% 9.00',
      'SUBTOTAL NO OBJETO DE IVA 1.00',
      'SUBTOTAL EXENTO DE IVA 5.00',
      'SUBTOTAL TARIFA ESPECIAL 8% 3.00',
      'SUBTOTAL SIN IMPUESTOS 28.00',
      'TOTAL DESCUENTO 0.00',
      'IVA 15% 0.60',
      'IVA 5% 0.30',
      'IVA TARIFA ESPECIAL 8% 0.24',
      'PROPINA 0.00',
      'VALOR TOTAL 29.14',
    ]);
  });

  it('shows ICE and IRBPNR when the document has them, all codes of ICE as one', () => {
    const rows = totals({
      totals:
        totalTax('3', '3053', undefined, '10.00', '1.80') +
        totalTax('3', '3610', '20', '5.00', '1.00') +
        totalTax('5', '5001', '0.02', '12', '0.24'),
    });
    expect(rows).toContain('ICE 2.80');
    expect(rows).toContain('IRBPNR 0.24');
    expect(totals({}).join()).not.toMatch(/ICE|IRBPNR/);
  });

  it('knows the rate by its code where an old version leaves it out', () => {
    const rows = totals({ version: '1.0.0', lines: [], totals: totalTax('2', '2', undefined, '100.00', '12.00') });
    expect(rows).toContain('SUBTOTAL 12% 100.00');
    expect(rows).toContain('IVA 12% 12.00');
  });

  it('prints prices with the decimals they have, codes and details below', () => {
    const { sections } = view({
      lines: [
        {
          code: 'A',
          auxiliary: 'B',
          description: 'Café',
          unit: 'kg',
          quantity: '3.000000',
          unitPrice: '4.333333',
          discount: '0.50',
          net: '12.50',
          details: { Lote: 'L&1' },
        },
        { description: 'Sin código', net: '1.1' },
      ],
    });
    expect(sections[1]!.table!.rows).toEqual([
      [
        { text: 'A', notes: ['B'] },
        { text: '3.00', notes: ['kg'] },
        { text: 'Café', notes: ['Lote: L&1'] },
        { text: '4.333333' },
        { text: '0.50' },
        { text: '12.50' },
      ],
      [{ text: '' }, { text: '1.00' }, { text: 'Sin código' }, { text: '1.10' }, { text: '0.00' }, { text: '1.10' }],
    ]);
  });

  it('names payment methods and terms, and leaves the table out without payments', () => {
    const payment = (method: string, rest = '') =>
      element('pago', `<formaPago>${method}</formaPago><total>1</total>${rest}`);
    const info = element(
      'pagos',
      payment('19', '<plazo>30.00</plazo><unidadTiempo>dias</unidadTiempo>') +
        payment('03', '<plazo>2</plazo><unidadTiempo>semanas</unidadTiempo>') +
        payment('01'),
    );
    expect(view({ info }).payments!.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['19 - Tarjeta de crédito', '30 días', '1.00'],
      ['03', '2 semanas', '1.00'],
      ['01 - Sin utilización del sistema financiero', '', '1.00'],
    ]);
    expect(view({ info: '' }).payments).toBeUndefined();
  });

  it.each([
    ['2026-11-25T10:20:30-05:00', '25/11/2026 10:20:30'],
    ['2026-11-26T03:20:30.123Z', '25/11/2026 22:20:30'],
    ['2026-11-25T10:20:30', '25/11/2026 10:20:30'],
    ['25/11/2026 10:20', '25/11/2026 10:20'],
    ['', undefined],
  ])('shows the authorization date %j as %j', (given, shown) => {
    expect(view({}, given).authorizationDate).toBe(shown);
  });

  it('reads CDATA, references, another declared encoding and a byte order mark', () => {
    const xml = facturaXml({ lines: manyLines(1), buyerName: 'BUYER' })
      .replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
      .replace('BUYER', '<![CDATA[<b>&amp;]]> &#241;&lt;i&gt;');
    const { sections } = rideView({
      documentXml: `\uFEFF${xml}`,
      authorizationNumber: '',
      authorizationDate: '',
      environment: 'production',
    });
    expect(sections[0]!.facts![0]!.value).toBe('<b>&amp; ñ<i>');
    expect(sections[0]!.facts![3]!.value).toBe('Salinas N17-203 y Santiago, Quito');
  });

  it('refuses a type without printed form', () => {
    const source = { authorizationNumber: '', authorizationDate: '', environment: 'sandbox' } as const;
    expect(() => rideView({ ...source, documentXml: '<constructor/>' })).toThrow('no printed form');
  });
});

const FOLDERS = ['../../../golden/factura/', '../../../../../shared/reference/samples/'].map(
  (path) => new URL(path, import.meta.url),
);
const SAMPLES = FOLDERS.filter(existsSync).flatMap((folder) =>
  readdirSync(folder).map((name) => ({ name, file: new URL(name, folder) })),
);

describe('a view holds all that the document says', () => {
  it.each(SAMPLES.filter(({ file }) => /factura.*\.xml$/.test(file.pathname)))('$name', ({ file }) => {
    const documentXml = readFileSync(file, 'utf8');
    const view = rideView({ documentXml, authorizationNumber: '', authorizationDate: '', environment: 'sandbox' });
    const printed = JSON.stringify(view);
    const said = documentXml
      .replaceAll(
        /<(ds:Signature|impuestos|totalConImpuestos|detalleImpuestos|compensacionesReembolso)\b[^]*?<\/\1>/g,
        '',
      )
      .replaceAll(
        /<(ambiente|tipoEmision|codDoc|tipo\w+|codDocReembolso|codPaisPago\w+|moneda|unidadTiempo)>[^<]*<\/\1>/g,
        '',
      );
    const texts = Array.from(
      said.matchAll(/<\w+(?: [^<>]*)?>([^<>]*[\p{L}\d][^<>]*)<\/|(?:nombre|valor)="([^"]*)"/gu),
      ([, text, attribute]) => (text ?? attribute)!,
    );
    expect(texts.length).toBeGreaterThan(20);
    const missing = texts.filter((text) => !holds(printed, text.trim()));
    expect(missing).toEqual([]);
  });
});

/** The text itself, or its number in another form. */
function holds(printed: string, xmlText: string): boolean {
  const text = xmlText
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
  if (printed.includes(JSON.stringify(text).slice(1, -1))) return true;
  return (
    /^\d+(\.\d+)?$/.test(text) && (printed.includes(String(Number(text))) || printed.includes(Number(text).toFixed(2)))
  );
}
