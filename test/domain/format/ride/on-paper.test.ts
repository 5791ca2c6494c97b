import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPdfPrinter, findChromium, type PdfPrinter } from '../../../../activities/pdf-printer.ts';
import { rideHtml } from '../../../../domain/format/ride/template.ts';
import { rideView } from '../../../../domain/format/ride/view-model.ts';
import { facturaXml, manyLines, type Sample, sampleKey } from './factura-xml.ts';
import { greyOfPages, hasPdftotext, pdfText } from './pdf-text.ts';

const chromiumPath = findChromium(process.env);

describe.skipIf(chromiumPath === undefined || !hasPdftotext)('the printed RIDE', () => {
  let printer: PdfPrinter;
  beforeAll(() => {
    printer = createPdfPrinter({ chromiumPath: chromiumPath! });
  });
  afterAll(() => printer.close());

  async function ride(sample: Sample): Promise<Buffer> {
    const { environment = 'sandbox' } = sample;
    const view = rideView({
      documentXml: facturaXml(sample),
      authorizationNumber: sampleKey(environment),
      authorizationDate: '2026-11-25T10:20:30-05:00',
      environment,
    });
    return printer.print(rideHtml(view), { signal: new AbortController().signal });
  }

  it.each([
    [1, 1],
    [40, 2],
    [200, 6],
  ])('prints %i lines on %i pages, each line whole, each page headed and numbered', async (count, pageCount) => {
    const lines = manyLines(count);
    const pages = pdfText(await ride({ lines }))
      .split('\f')
      .slice(0, -1);
    expect(pages).toHaveLength(pageCount);
    pages.forEach((page, index) => {
      expect(page).toContain(`Página ${index + 1} de ${pageCount}`);
      expect(page).toContain('FACTURA 001-001-000000001 · RUC 1790016919001');
      expect(page).toContain('SIN VALIDEZ TRIBUTARIA');
      if (/ART-\d{4}/.test(page))
        expect(page).toMatch(/CÓD. PRINCIPAL +CANTIDAD +DESCRIPCIÓN +PRECIO UNITARIO +DESCUENTO +PRECIO TOTAL/);
    });
    const rows = pages
      .join('\n')
      .split('\n')
      .map((row) => row.trim().replaceAll(/ +/g, ' '));
    for (const { code, description, quantity, unitPrice, net } of lines) {
      expect(rows).toContain(
        `${code} ${Number(quantity).toFixed(2)} ${description} ${Number(unitPrice).toFixed(2)} 0.00 ${net}`,
      );
    }
    const closing = pages.filter((page) => page.includes('SUBTOTAL 15%') || page.includes('VALOR TOTAL'));
    expect(closing).toHaveLength(1);
    expect(closing[0]).toMatch(/SUBTOTAL 15%[^]*IVA 15%[^]*VALOR TOTAL/);
  });

  it('has the words across every page in sandbox: they were on the first alone', async () => {
    const lines = manyLines(80);
    const crossed = greyOfPages(await ride({ lines }));
    const plain = greyOfPages(await ride({ lines, environment: 'production' }));
    expect(crossed).toHaveLength(3);
    crossed.forEach((grey, index) => expect(grey, `page ${index + 1}`).toBeGreaterThan(plain[index]! + 1_000));
  });

  it('holds key, number, buyer, accents, totals and payments', async () => {
    const pdf = await ride({
      environment: 'production',
      buyerName: 'Œuvres & Ñandú <Ltda.> "Zdeněk" Ωmega',
      lines: [
        { code: 'Ñ-1', description: 'Café – 100 % «orgánico» €10', net: '25.00', rateCode: '0' },
        ...manyLines(1),
      ],
    });
    const page = pdfText(pdf);
    for (const text of [
      sampleKey('production'),
      '001-001-000000001',
      '1790016919001',
      '25/11/2026 10:20:30',
      'PRODUCCIÓN',
      'Œuvres & Ñandú <Ltda.> "Zdeněk" Ωmega',
      'Café – 100 % «orgánico» €10',
      '20 - Otros con utilización del sistema',
      '30 días',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).toMatch(/SUBTOTAL 0% +25\.00/);
    expect(page).toMatch(/IVA 15% +0\.19/);
    expect(page).toMatch(/VALOR TOTAL +26\.44/);
    expect(page).not.toContain('SIN VALIDEZ');
  });

  it('wraps what is too long and clips nothing', async () => {
    const words = Array.from({ length: 75 }, (_, index) => `p${index}`).join(' ');
    const solid = Array.from({ length: 60 }, (_, index) => String(index).padStart(5, '0')).join('');
    const amount = '999999999999.999999';
    const pdf = await ride({
      buyerName: words,
      lines: [
        {
          code: 'C'.repeat(25),
          auxiliary: 'A'.repeat(25),
          description: words,
          unit: 'unidades de medida',
          quantity: amount,
          unitPrice: amount,
          net: '99999999999999.99',
          details: { [words]: solid },
        },
      ],
      additionalInfo: Array.from({ length: 15 }, (_, index) => [`Campo ${index}`, index % 2 === 0 ? words : solid]),
    });
    const text = pdfText(pdf, '-raw').replaceAll(/\s+/g, '');
    const count = (part: string) => text.split(part.replaceAll(' ', '')).length - 1;
    expect(count('C'.repeat(25))).toBe(1);
    expect(count('A'.repeat(25))).toBe(1);
    expect(count(words)).toBe(1 + 1 + 1 + 8);
    expect(count(solid)).toBe(1 + 7);
    expect(pdfText(pdf)).toMatch(new RegExp(`${amount} .*${amount} +0\\.00 +99999999999999\\.99`));
  });
});
