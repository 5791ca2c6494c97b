import { diag } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { validateXml } from '../../../domain/format/schema-check.ts';

const FACTURA = `<?xml version="1.0" encoding="UTF-8"?>
<factura id="comprobante" version="2.1.0">
<infoTributaria><ambiente>1</ambiente><tipoEmision>1</tipoEmision><razonSocial>Ñandú &amp; Hijos</razonSocial><ruc>1790012345001</ruc>
<claveAcceso>${'1'.repeat(49)}</claveAcceso><codDoc>01</codDoc><estab>001</estab><ptoEmi>001</ptoEmi><secuencial>000000001</secuencial>
<dirMatriz>Quito</dirMatriz></infoTributaria>
<infoFactura><fechaEmision>25/11/2026</fechaEmision><tipoIdentificacionComprador>05</tipoIdentificacionComprador>
<razonSocialComprador>Juan Pérez</razonSocialComprador><identificacionComprador>1710034065</identificacionComprador>
<totalSinImpuestos>10.00</totalSinImpuestos><totalDescuento>0.00</totalDescuento><totalConImpuestos><totalImpuesto><codigo>2</codigo>
<codigoPorcentaje>4</codigoPorcentaje><baseImponible>10.00</baseImponible><valor>1.50</valor></totalImpuesto></totalConImpuestos>
<importeTotal>11.50</importeTotal></infoFactura>
<detalles><detalle><descripcion>Café</descripcion><cantidad>1.000000</cantidad><precioUnitario>10.000000</precioUnitario>
<descuento>0.00</descuento><precioTotalSinImpuesto>10.00</precioTotalSinImpuesto><impuestos><impuesto><codigo>2</codigo>
<codigoPorcentaje>4</codigoPorcentaje><tarifa>15.00</tarifa><baseImponible>10.00</baseImponible><valor>1.50</valor></impuesto></impuestos>
</detalle></detalles>
<infoAdicional>${campos(15)}</infoAdicional>
</factura>`;

function campos(count: number): string {
  return '<campoAdicional nombre="RUC Proveedor">1790012345001</campoAdicional>'.repeat(count);
}

/** The factura with one thing changed; the thing must be there. */
function changed(from: string, to: string): string {
  expect(FACTURA).toContain(from);
  return FACTURA.replace(from, to);
}

const check = (xml: string | Uint8Array) => validateXml('01', '2.1.0', xml);

describe('the schema check', () => {
  it('accepts a factura, as text and as bytes, in either version', () => {
    expect(check(FACTURA)).toEqual([]);
    expect(check(Buffer.from(FACTURA))).toEqual([]);
    expect(validateXml('01', '1.1.0', FACTURA)).toEqual([]);
  });

  it.each([
    ['a line feed in a text', 'Café', 'Café\nmolido', '/factura/detalles/detalle/descripcion', '[^\\n]*'],
    [
      'a RUC that does not end in 001',
      '<ruc>1790012345001',
      '<ruc>1790012345002',
      '/factura/infoTributaria/ruc',
      '[0-9]{10}001',
    ],
    [
      'an empty element',
      '<dirMatriz>Quito<',
      '<dirMatriz><',
      '/factura/infoTributaria/dirMatriz',
      "minimum length of '1'",
    ],
    ['a text that is too long', 'Café', 'é'.repeat(301), '/factura/detalles/detalle/descripcion', "length of '301'"],
    ['the 16th additional field', campos(15), campos(16), '/factura/infoAdicional/campoAdicional[16]', 'not expected'],
    [
      'the wrong order',
      '<ambiente>1</ambiente><tipoEmision>1</tipoEmision>',
      '<tipoEmision>1</tipoEmision><ambiente>1</ambiente>',
      '/factura/infoTributaria/tipoEmision',
      'Expected is ( ambiente )',
    ],
    ['a missing element', '<importeTotal>11.50</importeTotal>', '', '/factura/infoFactura', 'Missing child element(s)'],
    ['an unknown element', '</infoFactura>', '<foo/></infoFactura>', '/factura/infoFactura/foo', 'not expected'],
    ['an unknown attribute', '<ambiente>', '<ambiente a="">', '/factura/infoTributaria/ambiente', "'a' is not allowed"],
    [
      'a seventh decimal',
      '<cantidad>1.000000',
      '<cantidad>1.0000001',
      '/factura/detalles/detalle/cantidad',
      'fractional digits',
    ],
    ['a comma', '<cantidad>1.000000', '<cantidad>1,5', '/factura/detalles/detalle/cantidad', 'not a valid value'],
    [
      'a negative total',
      '<importeTotal>',
      '<importeTotal>-',
      '/factura/infoFactura/importeTotal',
      "minimum value allowed ('0')",
    ],
    ['a date of the last century', '25/11/2026', '25/11/1999', '/factura/infoFactura/fechaEmision', 'pattern'],
    ['an id that the signature cannot point at', 'id="comprobante"', 'id="factura"', '/factura', "attribute 'id'"],
  ])('refuses %s and says where and why', (_, from, to, path, says) => {
    const flaws = check(changed(from, to));
    expect(flaws).toEqual([{ path, message: expect.stringContaining(says), line: expect.any(Number) }]);
    expect(flaws[0]!.message).toMatch(/^Element '\w+'/);
  });

  it('reports every flaw, each by its path', () => {
    const xml = changed('<estab>001', '<estab>1').replace(
      '<valor>1.50</valor></impuesto>',
      '<valor>x</valor></impuesto>',
    );
    expect(check(xml).map(({ path }) => path)).toEqual([
      '/factura/infoTributaria/estab',
      '/factura/detalles/detalle/impuestos/impuesto/valor',
    ]);
  });

  it.each([
    ['Juan Pérez', "Juan\nPérez' is 'secret"],
    ['<cantidad>1.000000', '<cantidad>secret'],
    ['<ambiente>1', '<ambiente>secret'],
    ['nombre="RUC Proveedor"', `nombre="${'secret'.repeat(60)}"`],
  ])('does not repeat a value: it may be the buyer’s name', (from, to) => {
    const flaws = check(changed(from, to));
    expect(flaws).toHaveLength(1);
    expect(flaws[0]!.message).toMatch(/: The value (?:is|has) /);
    expect(flaws[0]!.message).not.toMatch(/secret|Juan/);
  });

  it('takes both literals of anexo 22 for RIMPE', () => {
    const withRegime = (text: string) =>
      changed('</infoTributaria>', `<contribuyenteRimpe>${text}</contribuyenteRimpe></infoTributaria>`);
    expect(check(withRegime('CONTRIBUYENTE RÉGIMEN RIMPE'))).toEqual([]);
    expect(check(withRegime('CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE'))).toEqual([]);
    expect(check(withRegime('RIMPE'))).toHaveLength(1);
  });

  it.each([
    ['otrosRubrosTerceros', '<rubro><concepto>Peaje</concepto><total>1.00</total></rubro>'],
    [
      'infoSustitutivaGuiaRemision',
      `<dirPartida>Quito</dirPartida><dirDestinatario>Loja</dirDestinatario><fechaIniTransporte>25/11/2026</fechaIniTransporte>
      <fechaFinTransporte>26/11/2026</fechaFinTransporte><razonSocialTransportista>Ruta S.A.</razonSocialTransportista>
      <tipoIdentificacionTransportista>05</tipoIdentificacionTransportista><rucTransportista>1710034065</rucTransportista>
      <placa>PBA1234</placa><destinos><destino><motivoTraslado>Venta</motivoTraslado></destino></destinos>`,
    ],
  ])('knows %s in factura 2.1.0 only', (name, content) => {
    const xml = changed('</detalles>', `</detalles><${name}>${content}</${name}>`);
    expect(check(xml)).toEqual([]);
    expect(validateXml('01', '1.1.0', xml)).toMatchObject([{ path: `/factura/${name}` }]);
  });

  it('refuses a document of another type', () => {
    expect(validateXml('04', '1.1.0', FACTURA)).toMatchObject([{ path: '/factura' }]);
  });

  it.each(['00', '01 2.1.0', 'constructor'])('throws for document type %s, which it does not know', (documentType) => {
    expect(() => validateXml(documentType, '2.1.0', FACTURA)).toThrow(RangeError);
    expect(() => validateXml('01', '9.9.9', FACTURA)).toThrow(RangeError);
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['an open tag', FACTURA.replace('</factura>', '')],
    ['two roots', `${FACTURA}<factura/>`],
    ['a NUL', FACTURA.replace('Quito', 'Qu\0ito')],
    ['an undefined entity', FACTURA.replace('Quito', '&quito;')],
    ['an undeclared prefix', FACTURA.replaceAll('dirMatriz', 'x:dirMatriz')],
    ['10,000 nested elements', '<a>'.repeat(10_000) + '</a>'.repeat(10_000)],
    ['bytes that are not UTF-8', Buffer.from(FACTURA, 'latin1')],
  ])('calls %s a flaw', (_, xml) => {
    const flaws = check(xml);
    expect(flaws.length).toBeGreaterThan(0);
    for (const { message } of flaws) expect(message).toMatch(/^\S.*\S$/);
  });

  it('reads bytes in the encoding they declare, and text in none', () => {
    const accented = changed(
      '</infoTributaria>',
      `<contribuyenteRimpe>CONTRIBUYENTE RÉGIMEN RIMPE</contribuyenteRimpe></infoTributaria>`,
    );
    const declared = accented.replace('UTF-8', 'ISO-8859-1');
    expect(check(Buffer.from(declared, 'latin1'))).toEqual([]);
    expect(check(Buffer.from(declared))).toHaveLength(1);
    expect(check(declared)).toEqual([]);
    expect(check(`\uFEFF${FACTURA}`)).toEqual([]);
  });

  describe('a DOCTYPE', () => {
    const withDoctype = (subset: string) =>
      FACTURA.replace('<factura', `<!DOCTYPE factura ${subset}>\n<factura`).replace('Quito', '&city;');

    it.each([
      ['an entity', '[<!ENTITY city "Quito">]'],
      ['a file', '[<!ENTITY city SYSTEM "common.xsd">]'],
      ['an address', '[<!ENTITY city SYSTEM "http://127.0.0.1:9/city">]'],
    ])('is refused, with %s in it', (_, subset) => {
      expect(check(withDoctype(subset))).toEqual([{ message: 'A DOCTYPE is not allowed.' }]);
    });

    it('does not blow up', () => {
      const entities = Array.from({ length: 12 }, (__, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('');
      expect(check(withDoctype(`[<!ENTITY e0 "ha">${entities}<!ENTITY city "&e12;">]`)).length).toBeGreaterThan(0);
      expect(check(FACTURA)).toEqual([]);
    });
  });

  it('ignores where a document says its schema is', () => {
    const hinted = (hint: string) =>
      changed('<factura ', `<factura xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${hint} `);
    expect(check(hinted('xsi:noNamespaceSchemaLocation="common.xsd"'))).toEqual([]);
    expect(check(hinted('xsi:schemaLocation="urn:x http://127.0.0.1:9/x.xsd"'))).toEqual([]);
  });

  it('leaves no document behind', () => {
    check(FACTURA);
    diag.configure({ enabled: true });
    try {
      for (let round = 0; round < 50; round += 1) {
        check(FACTURA);
        check(changed('<ruc>1790012345001', '<ruc>1'));
        check(FACTURA.replace('</factura>', ''));
        check(FACTURA.replace('<factura', '<!DOCTYPE factura [<!ENTITY a "b">]>\n<factura'));
      }
      expect(diag.report()).toEqual({});
    } finally {
      diag.configure({ enabled: false });
    }
  });

  it.each([
    ['01', '1.1.0'],
    ['01', '2.1.0'],
    ['03', '1.1.0'],
    ['04', '1.1.0'],
    ['05', '1.0.0'],
    ['06', '1.1.0'],
    ['07', '2.0.0'],
  ])('has a schema for type %s in version %s', (documentType, version) => {
    expect(validateXml(documentType, version, '<other/>')).toMatchObject([{ path: '/other' }]);
  });
});
