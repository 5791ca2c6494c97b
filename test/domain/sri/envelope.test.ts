import fc from 'fast-check';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import type { Authorization } from '../../../domain/sri/answers.ts';
import { authorizationEnvelope, readEnvelope, signatureValueOf } from '../../../domain/sri/envelope.ts';
import { XmlRefused } from '../../../domain/sri/xml-tree.ts';
import { facturaOf, newAuthority, signed, signerOf } from './signed-factura.ts';

const KEY = '1211202601176001321000110010010000001011234567811';
const PRODUCTION = '1211202601176001321000120010010000001011234567811';

const authorized: Authorization = {
  state: 'AUTORIZADO',
  number: KEY,
  date: '2026-11-12T10:20:30-05:00',
  environment: 'PRUEBAS',
  document: '<?xml version="1.0" encoding="UTF-8"?>\n<factura>Peña</factura>',
  messages: [],
};

/** Any text that XML can hold, with a taste for what is hard. */
const TEXT = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ']]>',
        '\r\n',
        '\r',
        '\n',
        ']',
        '>',
        '<![CDATA[',
        '&amp;',
        '💡',
        'Ñ',
        '\uFEFF',
        '\u0085',
        '\u2028',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { minLength: 1 },
  )
  .map((parts) => parts.join('').replaceAll(/[^\t\n\r -\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ''));

describe('the delivered file', () => {
  it('is what the ficha técnica shows', () => {
    const messages = [
      { identifier: '60', message: 'AMBIENTE <DE> PRUEBAS', additionalInfo: 'a & b', type: 'ADVERTENCIA' },
    ];
    expect(authorizationEnvelope({ ...authorized, messages }, KEY)).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<autorizacion><estado>AUTORIZADO</estado><numeroAutorizacion>${KEY}</numeroAutorizacion><fechaAutorizacion>2026-11-12T10:20:30-05:00</fechaAutorizacion><ambiente>PRUEBAS</ambiente><comprobante><![CDATA[${authorized.document}]]></comprobante><mensajes><mensaje><identificador>60</identificador><mensaje>AMBIENTE &lt;DE&gt; PRUEBAS</mensaje><informacionAdicional>a &amp; b</informacionAdicional><tipo>ADVERTENCIA</tipo></mensaje></mensajes></autorizacion>`,
    );
  });

  it('says the environment by the key, and the key where SRI gave no number', () => {
    const { number: _, date: __, ...rest } = authorized;
    const file = authorizationEnvelope({ ...rest, environment: 'PRODUCCI?N' }, PRODUCTION);
    expect(readEnvelope(file)).toEqual({ ...rest, number: PRODUCTION, environment: 'PRODUCCIÓN' });
  });

  it('gives every document back, to us and to another XML reader', () => {
    fc.assert(
      fc.property(
        TEXT.filter((text) => text.trim() !== ''),
        TEXT,
        (document, message) => {
          const file = authorizationEnvelope(
            { ...authorized, document, messages: [{ identifier: '60', message, type: 'ERROR' }] },
            KEY,
          );
          const read = readEnvelope(file);
          expect(read.document).toBe(document);
          expect(read.messages[0]?.message).toBe(message.trim());
          const other = XmlDocument.fromString(file);
          try {
            // This reader may take a mark at the start of a text for its own; of two it leaves the second.
            const { content } = other.get('/autorizacion/comprobante') as XmlElement;
            expect([document, document.replace(/^\uFEFF/, '')]).toContain(content);
          } finally {
            other.dispose();
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('carries no other character than XML can, and never nothing', () => {
    for (const document of ['<a>\u0000</a>', '<a>\uD800</a>', '<a>\uFFFE</a>']) {
      expect(() => authorizationEnvelope({ ...authorized, document }, KEY)).toThrow(RangeError);
    }
    const { document: _, ...without } = authorized;
    expect(() => authorizationEnvelope(without, KEY)).toThrow(RangeError);
  });

  it("is read when it is another issuer's: escaped, with a mark, in other words", () => {
    const file =
      '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<autorizacion>\n <estado>AUTORIZADO</estado>\n <fechaAutorizacion>12/11/2026 10:20:30</fechaAutorizacion>\n <comprobante>&lt;factura/&gt;</comprobante>\n</autorizacion>\n';
    expect(readEnvelope(file)).toEqual({
      state: 'AUTORIZADO',
      date: '12/11/2026 10:20:30',
      document: '<factura/>',
      messages: [],
    });
  });

  it.each([
    '',
    '<factura/>',
    '<autorizacion/>',
    '<autorizacion><comprobante><factura/></comprobante></autorizacion>',
    '<!DOCTYPE a><autorizacion/>',
  ])('is not %j', (file) => {
    expect(() => readEnvelope(file)).toThrow(XmlRefused);
  });
});

describe('signatureValueOf', () => {
  const document = signed(facturaOf().xml, signerOf(newAuthority())).toString();

  it('is the same whatever happened to line ends, and differs between two attempts', () => {
    const value = signatureValueOf(document);
    expect(value).toMatch(/^[A-Za-z0-9+/]{342}==$/);
    expect(signatureValueOf(`\uFEFF${document.replaceAll('\n', '\r\n')}`)).toBe(value);
    expect(signatureValueOf(signed(facturaOf().xml, signerOf(newAuthority())).toString())).not.toBe(value);
  });

  it.each(['', 'hola', '<factura/>', '<factura><Signature><SignatureValue> </SignatureValue></Signature></factura>'])(
    'is absent from %j',
    (text) => {
      expect(signatureValueOf(text)).toBeUndefined();
    },
  );
});
