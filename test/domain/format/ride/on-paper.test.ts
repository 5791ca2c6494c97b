import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPdfPrinter, findChromium, type PdfPrinter } from '../../../../activities/pdf-printer.ts';
import type { RideLook } from '../../../../domain/format/ride/look.ts';
import { rideHtml } from '../../../../domain/format/ride/template.ts';
import { ticketHtml } from '../../../../domain/format/ride/ticket.ts';
import { rideView, type RideView } from '../../../../domain/format/ride/view-model.ts';
import { png } from '../../../support/pictures.ts';
import { digitsOf } from './code128.ts';
import { facturaXml, manyLines, type Sample, sampleKey } from './factura-xml.ts';
import { greyOfPages, hasPdftotext, imagesOf, pageSizes, pdfText, runsOfColumn } from './pdf-text.ts';

const chromiumPath = findChromium(process.env);

describe.skipIf(chromiumPath === undefined || !hasPdftotext)('the printed RIDE', () => {
  let printer: PdfPrinter;
  beforeAll(() => {
    printer = createPdfPrinter({ chromiumPath: chromiumPath! });
  });
  afterAll(() => printer.close());

  const { signal } = new AbortController();

  function viewOf(sample: Sample): RideView {
    const { environment = 'sandbox' } = sample;
    return rideView({
      documentXml: facturaXml(sample),
      authorizationNumber: sampleKey(environment),
      authorizationDate: '2026-11-25T10:20:30-05:00',
      environment,
    });
  }

  const ride = (sample: Sample, look?: RideLook) => printer.print(rideHtml(viewOf(sample), look), { signal });
  const ticket = (sample: Sample, look?: RideLook) =>
    printer.print(ticketHtml(viewOf(sample), look), { signal, rollWidthMm: 80 });

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

  it.each([
    ['wide', 1_200, 200, 84, 14],
    ['tall', 100, 600, 22 / 6, 22],
    ['large', 2_000, 2_000, 22, 22],
    ['tiny', 16, 12, 4.2, 3.2],
  ])('shows a %s logo whole, in its own proportions', async (_, width, height, widthMm, heightMm) => {
    const pdf = await ride({ lines: manyLines(1) }, { logo: { mediaType: 'image/png', image: png(width, height) } });
    expect(pageSizes(pdf)).toHaveLength(1);
    const [logo, ...others] = imagesOf(pdf);
    expect(others).toEqual([]);
    expect(logo!.width).toBeCloseTo(widthMm, 0);
    expect(logo!.height).toBeCloseTo(heightMm, 0);
    expect(logo!.width / logo!.height / (width / height)).toBeCloseTo(1, 1);
  });

  it('is printed without a logo that is broken', async () => {
    const image = png(40, 40).subarray(0, 45);
    const pdf = await ride({ lines: manyLines(1) }, { logo: { mediaType: 'image/png', image } });
    expect(pdfText(pdf)).toContain('VALOR TOTAL');
  });

  it.each([1, 30, 200])('prints a ticket of %i lines on one piece of paper, each line whole', async (count) => {
    const lines = manyLines(count);
    const image = png(1_200, 200);
    const pdf = await ticket({ lines }, { logo: { mediaType: 'image/png', image } });
    const [paper, ...others] = pageSizes(pdf);
    expect(others).toEqual([]);
    expect(paper!.width).toBeCloseTo(80, 0);
    const rows = pdfText(pdf)
      .split('\n')
      .map((row) => row.trim().replaceAll(/ +/g, ' '));
    for (const { code, description, quantity, unitPrice, net } of lines) {
      const at = rows.indexOf(description);
      expect(at, description).toBeGreaterThan(0);
      expect(rows[at + 1]).toBe(`${code} ${Number(quantity).toFixed(2)} ${Number(unitPrice).toFixed(2)} 0.00 ${net}`);
    }
    expect(rows.filter((row) => row === 'SIN VALIDEZ TRIBUTARIA')).toHaveLength(2);
    expect(rows.filter(Boolean).at(-1)).toBe('SIN VALIDEZ TRIBUTARIA');
    const [logo] = imagesOf(pdf);
    // Made grey, it has a point more on each side.
    expect(Math.abs(logo!.width - 60)).toBeLessThan(1);
    expect(Math.abs(logo!.height - 10)).toBeLessThan(1);
  });

  it('ends the paper of a ticket soon after its last line', async () => {
    const { height } = pageSizes(await ticket({ lines: manyLines(1) }))[0]!;
    const { height: longer } = pageSizes(await ticket({ lines: manyLines(31) }))[0]!;
    expect(longer - height).toBeGreaterThan(30 * 6);
    expect(longer - height).toBeLessThan(30 * 10);
    const tail = runsOfColumn(await ticket({ lines: manyLines(1) }), 40).at(-1)!;
    expect(tail.black).toBe(false);
    expect(tail.length / 8).toBeGreaterThan(5);
    expect(tail.length / 8).toBeLessThan(8);
  });

  it('has bars on the ticket that a printer of 203 dpi hits exactly, and white at either end', async () => {
    const runs = runsOfColumn(await ticket({ lines: manyLines(1) }), 70);
    const isQuiet = ({ black, length }: (typeof runs)[number]) => !black && length >= 20;
    const begin = runs.findIndex(
      (run, index) => isQuiet(run) && runs.slice(index + 1, index + 150).every((next) => !isQuiet(next)),
    );
    const bars = runs.slice(
      begin + 1,
      runs.findIndex((run, index) => index > begin && isQuiet(run)),
    );
    // Two dots a module, as whole dots.
    expect(bars.filter(({ length }) => length % 2 !== 0)).toEqual([]);
    expect(digitsOf(bars.map(({ length }) => length / 2).join(''))).toBe(sampleKey());
  });

  it('wraps what is too long for a ticket and clips nothing', async () => {
    const words = Array.from({ length: 60 }, (_, index) => `p${index}`).join(' ');
    const solid = Array.from({ length: 60 }, (_, index) => String(index).padStart(5, '0')).join('');
    const pdf = await ticket({
      buyerName: words,
      lines: [
        {
          code: 'C'.repeat(25),
          auxiliary: 'A'.repeat(25),
          description: words,
          quantity: '1234567.123456',
          unitPrice: '1234567.123456',
          net: '99999999999999.99',
          details: { [words]: solid },
        },
      ],
      additionalInfo: Array.from({ length: 15 }, (_, index) => [`Campo ${index}`, index % 2 === 0 ? words : solid]),
    });
    expect(pageSizes(pdf)).toHaveLength(1);
    const text = pdfText(pdf, '-raw').replaceAll(/\s+/g, '');
    const count = (part: string) => text.split(part.replaceAll(' ', '')).length - 1;
    expect(count(words)).toBe(1 + 1 + 1 + 8);
    expect(count(solid)).toBe(1 + 7);
    expect(count('VALORTOTAL114999999999999.99')).toBe(1);
    for (const column of [0, 1, 2, 3, 77, 78, 79]) {
      expect(runsOfColumn(pdf, column), `${column} mm`).toEqual([{ black: false, length: expect.any(Number) }]);
    }
  });
});
