import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barcode } from '../../../../domain/format/ride/barcode.ts';
import type { RideLook } from '../../../../domain/format/ride/look.ts';
import { rideHtml } from '../../../../domain/format/ride/template.ts';
import { rideView } from '../../../../domain/format/ride/view-model.ts';
import { png } from '../../../support/pictures.ts';
import { readCode128 } from './code128.ts';
import { facturaXml, manyLines, type Sample, sampleKey } from './factura-xml.ts';

function page(sample: Partial<Sample>, look?: RideLook): string {
  const { environment = 'sandbox' } = sample;
  return rideHtml(
    rideView({
      documentXml: facturaXml({ lines: manyLines(1), ...sample }),
      authorizationNumber: sampleKey(environment),
      authorizationDate: '2026-11-25T10:20:30-05:00',
      environment,
    }),
    look,
  );
}

describe('rideHtml', () => {
  it('escapes whatever a document says, in elements, attributes and the footer', () => {
    const attack = `</style></dd><script>alert("1")</script><img src='http://x'>&amp;`;
    const html = page({
      buyerName: attack,
      lines: [
        {
          code: '<b>',
          auxiliary: attack,
          description: attack,
          unit: attack,
          net: '1.00',
          details: { [attack]: attack },
        },
      ],
      additionalInfo: [[attack, attack]],
    });
    expect(html).not.toMatch(/<(script|img|b)\b/);
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')).toHaveLength(1 + 8);
  });

  it('keeps what is hostile inside of the CSS string of the footer', () => {
    const view = rideView({
      documentXml: facturaXml({ lines: [] }),
      authorizationNumber: '',
      authorizationDate: '',
      environment: 'production',
    });
    const html = rideHtml({ ...view, number: `1'; } </style><script>x\\` });
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html).toContain(
      String.raw`FACTURA 1\27 \3b  \7d  \3c \2f style\3e \3c script\3e x\5c  \b7  RUC 1790016919001`,
    );
  });

  it('loads nothing from outside', () => {
    expect(page({})).not.toMatch(/(?:src|href)\s*=\s*["'](?!data:)|url\((?!data:)|@import/);
  });

  it('embeds the subsets of the font that the text needs', () => {
    const faces = (html: string) => html.match(/@font-face/g)?.length;
    expect(faces(page({}))).toBe(2);
    expect(faces(page({ buyerName: 'Zdeněk Dvořák' }))).toBe(4);
    expect(faces(page({ buyerName: 'Σωκράτης Иванов' }))).toBe(6);
    expect(page({}).length).toBeLessThan(60_000);
  });

  it('warns in sandbox alone', () => {
    expect(page({})).toMatch(/@top-center { content: 'SIN VALIDEZ TRIBUTARIA'/);
    expect(page({})).toContain('data:image/svg+xml');
    expect(page({})).toContain('PRUEBAS');
    expect(page({ environment: 'production' })).not.toMatch(/SIN VALIDEZ|PRUEBAS|data:image\/svg/);
    expect(page({ environment: 'production' })).toContain('PRODUCCIÓN');
  });

  it('has the logo inside, and no picture without one', () => {
    const image = png(3, 2);
    expect(page({}, { logo: { mediaType: 'image/png', image } })).toContain(
      `<img class="logo" alt="" src="data:image/png;base64,${image.toString('base64')}" />`,
    );
    expect(page({})).not.toContain('<img');
  });

  it("wears the issuer's colour where it can be read, and is the same without one", () => {
    expect(page({}, { color: '#0B4F9C' })).toMatch(/thead th {[^}]*background: #0B4F9C; color: #fff/);
    expect(page({}, { color: '#0B4F9C' })).toMatch(/\.number h1 {[^}]*color: #0B4F9C/);
    expect(page({}, { color: '#FFD54F' })).toMatch(/\.number h1 {[^}]*color: #111/);
    expect(page({}, { color: '#FFD54F' })).toMatch(/thead th {[^}]*background: #FFD54F; color: #000/);
    expect(page({}, {})).toBe(page({}));
    expect(page({})).not.toMatch(/thead th|background: #0/);
  });

  it('shows a barcode of the access key', () => {
    expect(readCode128(page({}))).toBe(sampleKey());
    expect(readCode128(page({ environment: 'production' }))).toBe(sampleKey('production'));
  });
});

describe('barcode', () => {
  it('is Code 128 of any 49 digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{49}$/), (key) => {
        expect(readCode128(barcode(key).text)).toBe(key);
      }),
      { numRuns: 50 },
    );
  });
});
