import { describe, expect, it } from 'vitest';
import { taxDateOf } from '../../../domain/model/tax-date.ts';
import { facturaOf, RUC, signed } from '../../domain/sri/signed-factura.ts';
import { signer, useSimulator, validar } from './use-simulator.ts';

const DAY = 86_400_000;
const sri = useSimulator();

describe('SRI simulator: reception', () => {
  const change = (from: string | RegExp, to: string) => (xml: string) => {
    expect(xml).toMatch(from);
    return xml.replace(from, to);
  };
  const KEY = /(?<=<claveAcceso>)\d{49}/;
  const today = Date.now();

  it.each<[string, string, (xml: string) => string]>([
    ['nothing', '49', () => ''],
    ['more than 320 kB', '26', (xml) => xml + ' '.repeat(320 * 1024)],
    ['no XML', '35', () => 'hola'],
    ['XML cut short', '35', (xml) => xml.slice(0, -20)],
    ['a DOCTYPE', '35', (xml) => `<!DOCTYPE factura [<!ENTITY x "y">]>${xml}`],
    ['a DOCTYPE behind many comments', '35', (xml) => `${'<!-- -->'.repeat(100)}<!DOCTYPE factura>${xml}`],
    ['deep nesting', '35', () => '<a>'.repeat(10_000) + '</a>'.repeat(10_000)],
    ['an unknown root', '35', change(/factura/g, 'recibo')],
    ['an unknown version', '48', change('version="2.1.0"', 'version="9.0.0"')],
    ['another id', '35', change('id="comprobante"', 'id="otro"')],
    ['a type that is not its root', '47', change('<codDoc>01<', '<codDoc>04<')],
    ['an empty element', '35', change('Quito', '')],
    ['a missing element', '35', change('<importeTotal>31.25</importeTotal>', '')],
    ['elements in another order', '35', change(/(<estab>001<\/estab>)(<ptoEmi>002<\/ptoEmi>)/, '$2$1')],
    ['an element of its own', '35', change('<moneda>', '<nuevo>1</nuevo><moneda>')],
    ['a RUC that does not end in 001', '35', change(`<ruc>${RUC}`, '<ruc>1790012345002')],
    ['a line feed in a text', '35', change('Juan Pérez', 'Juan\nPérez')],
    ['a text too long', '35', change('Juan Pérez', 'x'.repeat(301))],
    ['three decimals', '35', change('<importeTotal>31.25', '<importeTotal>31.250001')],
    [
      '16 additional fields',
      '35',
      change(/<campoAdicional.*<\/campoAdicional>/, '<campoAdicional nombre="a">b</campoAdicional>'.repeat(16)),
    ],
  ])('returns %s with %s', async (_, identifier, mutate) => {
    const { xml } = facturaOf();
    const answer = await sri.submit(mutate(xml));
    expect(answer).toMatchObject({ state: 'DEVUELTA', messages: [{ identifier, type: 'ERROR' }] });
  });

  it.each<[string, string, (parts: { accessKey: string; xml: string }) => string]>([
    [
      'a wrong check digit',
      '80',
      ({ xml, accessKey }) => xml.replace(KEY, accessKey.slice(0, 48) + ((Number(accessKey[48]) + 1) % 10)),
    ],
    ['another sequential than its key', '58', ({ xml }) => xml.replace(/(?<=<secuencial>)\d{9}/, '999999999')],
    ['another environment than its key', '58', ({ xml }) => xml.replace('<ambiente>1', '<ambiente>2')],
    ['another date than its key', '58', ({ xml }) => xml.replace(/(?<=<fechaEmision>)[\d/]+/, '01/02/2025')],
    ['a date that does not exist', '67', () => facturaOf({ issueDate: '31/02/2026' }).xml],
    ['tomorrow’s date', '65', () => facturaOf({ issueDate: taxDateOf(new Date(today + DAY)) }).xml],
    ['a date 91 days old', '65', () => facturaOf({ issueDate: taxDateOf(new Date(today - 91 * DAY)) }).xml],
  ])('returns %s with %s and keeps nothing', async (_, identifier, mutate) => {
    const document = mutate(facturaOf());
    const answer = await sri.submit(document);
    expect(answer).toMatchObject({ state: 'DEVUELTA', messages: [{ identifier, type: 'ERROR' }] });
    expect((await sri.control('GET', `/documents/${answer.accessKey}`)).body).toMatchObject({
      receptions: 1,
      acceptedReceptions: 0,
      state: 'NONE',
    });
  });

  it('takes a document of 90 days ago', async () => {
    const { xml } = facturaOf({ issueDate: taxDateOf(new Date(today - 90 * DAY)) });
    expect(await sri.submit(signed(xml, signer))).toMatchObject({ state: 'RECIBIDA' });
  });

  it('returns the key of an authorized document with 43 and another key of its number with 45', async () => {
    const { accessKey, xml } = facturaOf({ sequential: 999_000_001 });
    await sri.decided(signed(xml, signer), accessKey);
    expect(await sri.submit(signed(xml, signer))).toEqual({
      state: 'DEVUELTA',
      accessKey,
      messages: [{ identifier: '43', message: 'CLAVE ACCESO REGISTRADA', type: 'ERROR' }],
    });
    const other = facturaOf({ sequential: 999_000_001 });
    expect(await sri.submit(signed(other.xml, signer))).toMatchObject({
      state: 'DEVUELTA',
      accessKey: other.accessKey,
      messages: [{ identifier: '45', message: 'ERROR SECUENCIAL REGISTRADO' }],
    });
    expect(await sri.tally(accessKey)).toMatchObject({
      receptions: 2,
      acceptedReceptions: 1,
    });
  });

  it('has numbers of their own for tests and production', async () => {
    for (const environment of ['sandbox', 'production'] as const) {
      const { xml } = facturaOf({ sequential: 999_000_002, environment });
      expect(await sri.submit(signed(xml, signer))).toMatchObject({ state: 'RECIBIDA' });
    }
  });

  it('takes a refused document again, corrected and with the same key, and decides anew', async () => {
    const { accessKey, xml } = facturaOf();
    const refused = await sri.decided(
      signed(xml.replace('<importeTotal>31.25', '<importeTotal>31.27'), signer),
      accessKey,
    );
    expect(refused).toMatchObject({ state: 'NO AUTORIZADO', messages: [{ identifier: '52' }] });
    expect(refused.number).toBeUndefined();
    const corrected = signed(xml, signer);
    expect(await sri.decided(corrected, accessKey)).toMatchObject({
      state: 'AUTORIZADO',
      document: corrected.toString(),
    });
    expect(await sri.tally(accessKey)).toMatchObject({
      receptions: 2,
      acceptedReceptions: 2,
    });
  });

  it('answers what is no call of the operation with a SOAP fault', async () => {
    for (const content of ['<validarComprobante/>', validar('<a/>').replace('ws.recepcion', 'ws.otro'), '']) {
      const response = await sri.call('reception', content);
      expect(response.status).toBe(500);
      expect(await response.text()).toContain('<faultcode>soap:Client</faultcode>');
    }
  });
});
