import { describe, expect, it } from 'vitest';
import { ticketHtml } from '../../../../domain/format/ride/ticket.ts';
import { rideView, type RideView } from '../../../../domain/format/ride/view-model.ts';
import { png } from '../../../support/pictures.ts';
import { readCode128 } from './code128.ts';
import { element, facturaXml, manyLines, type Sample, sampleKey } from './factura-xml.ts';

function view(sample: Partial<Sample>): RideView {
  const { environment = 'sandbox' } = sample;
  return rideView({
    documentXml: facturaXml({ lines: manyLines(1), ...sample }),
    authorizationNumber: sampleKey(environment),
    authorizationDate: '2026-11-25T10:20:30-05:00',
    environment,
  });
}

/** Every text of a view, wherever it is. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe('ticketHtml', () => {
  it('says all that the page of the same view says', () => {
    const full = view({
      tax: '<contribuyenteRimpe>CONTRIBUYENTE RÉGIMEN RIMPE</contribuyenteRimpe><agenteRetencion>123</agenteRetencion>',
      lines: [
        {
          code: 'A-1',
          auxiliary: 'B-1',
          description: 'Café',
          unit: 'kg',
          quantity: '3.5',
          unitPrice: '4.333333',
          discount: '0.50',
          net: '12.50',
          details: { Lote: 'L1' },
        },
        { code: 'A-2', description: 'Pan', net: '1.00', rateCode: '0' },
      ],
      afterLines: element('otrosRubrosTerceros', element('rubro', '<concepto>Bomberos</concepto><total>2.50</total>')),
    });
    const ticket = ticketHtml(full).replaceAll('&amp;', '&');
    const unsaid = new Set(['sandbox', 'text', 'code', 'number', 'total', 'note']);
    expect(textsOf(full).filter((text) => !unsaid.has(text) && !ticket.includes(text))).toEqual([]);
    expect(ticket).toContain('PRUEBAS / NORMAL');
  });

  it('escapes whatever a document says', () => {
    const attack = `</style></dd><script>alert("1")</script><img src='http://x'>&amp;`;
    const ticket = ticketHtml(
      view({
        buyerName: attack,
        lines: [{ code: attack, description: attack, net: '1.00', details: { [attack]: attack } }],
        additionalInfo: [[attack, attack]],
      }),
    );
    expect(ticket).not.toMatch(/<(script|img)\b/);
    expect(ticket.match(/<\/style>/g)).toHaveLength(1);
  });

  it('loads nothing from outside, and has the logo inside', () => {
    const ticket = ticketHtml(view({}), { logo: { mediaType: 'image/png', image: png(2, 2) } });
    expect(ticket).not.toMatch(/(?:src|href)\s*=\s*["'](?!data:)|url\((?!data:)|@import/);
    expect(ticket).toContain(`src="data:image/png;base64,${png(2, 2).toString('base64')}"`);
    expect(ticketHtml(view({}))).not.toContain('<img');
  });

  it('is black: a thermal printer has nothing else', () => {
    const style = /<style>([^]*)<\/style>/.exec(ticketHtml(view({})))![1]!.replaceAll(/@font-face[^}]*}/g, '');
    expect(new Set(style.match(/#[\da-f]{3,6}\b/gi))).toEqual(new Set(['#000']));
    expect(style).not.toContain('background');
  });

  it('gives what a row is about a line of its own, unless there is but one thing beside it', () => {
    const rowsOf = (html: string) =>
      html
        .split('<tbody>')
        .slice(1)
        .map((part) => part.match(/<tr/g)!.length);
    const payment = (rest: string) =>
      element('pagos', element('pago', `<formaPago>01</formaPago><total>1</total>${rest}`));
    const term = '<plazo>30</plazo><unidadTiempo>dias</unidadTiempo>';
    // Lines, totals, which are a table without a head, and payments.
    const [lines, payments] = rowsOf(ticketHtml(view({ lines: manyLines(2), info: payment(term) })));
    expect([lines! >= 2 * 2, payments]).toEqual([true, 2]);
    expect(rowsOf(ticketHtml(view({ info: payment('') })))[1]).toBe(1);
    expect(ticketHtml(view({ info: payment('') }))).not.toContain('Plazo');
  });

  it('keeps a code that stands below a missing one', () => {
    expect(ticketHtml(view({ lines: [{ auxiliary: 'AUX-7', description: 'Pan', net: '1.00' }] }))).toContain('AUX-7');
  });

  it('warns in sandbox alone, at both ends', () => {
    expect(ticketHtml(view({})).match(/SIN VALIDEZ TRIBUTARIA/g)).toHaveLength(2);
    expect(ticketHtml(view({ environment: 'production' }))).not.toMatch(/SIN VALIDEZ|PRUEBAS/);
  });

  it('shows a barcode of the access key', () => {
    expect(readCode128(ticketHtml(view({})))).toBe(sampleKey());
  });
});
