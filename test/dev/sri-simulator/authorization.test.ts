import { describe, expect, it } from 'vitest';
import { guayaquilTime } from '../../../domain/model/tax-date.ts';
import {
  certificateOf,
  facturaOf,
  newAuthority,
  numberExtension,
  RUC,
  signed,
  signerOf,
  SIGNING_USE,
  type SignOptions,
} from '../../domain/sri/signed-factura.ts';
import { authority, signer, useSimulator } from './use-simulator.ts';

const DAY = 86_400_000;
const sri = useSimulator();

describe('SRI simulator: authorization', () => {
  const extension = (ruc: string) => numberExtension('1.3.6.1.4.1.37746.3.11', ruc);
  const issued = (...extensions: object[]) => certificateOf({ issuer: authority, extensions });

  it.each<[string, string, SignOptions]>([
    ['a signing time in the future', 'posterior', { signingTime: guayaquilTime(new Date(Date.now() + 10 * 60_000)) }],
    ['a signing time before the certificate', 'vigente', { signingTime: guayaquilTime(new Date(Date.now() - DAY)) }],
    ['a signing time without zone', 'SigningTime', { signingTime: '2026-11-25T10:20:30' }],
    ["an issuer's name in another order", 'X509IssuerName', { issuerName: 'C=EC,O=Prueba,CN=Autoridad\\, Peña S.A.' }],
    ["an issuer's name without its escape", 'X509IssuerName', { issuerName: 'CN=Autoridad, Peña S.A.,O=Prueba,C=EC' }],
    ['a serial number through a float', 'X509SerialNumber', { serial: '2.5959040858858357e+36' }],
    ['an RSA key that is not the certificate’s', 'RSAKeyValue', { modulus: Buffer.alloc(256, 7).toString('base64') }],
    [
      'the digest of another certificate',
      'SigningCertificate',
      { described: signerOf(authority, '1790099999001').certificate },
    ],
    ['properties of another signature', 'QualifyingProperties', { target: '#Otra' }],
    ['a description of nothing', 'DataObjectFormat', { describedReference: 'Ref9' }],
    ['SHA-512', 'algoritmo', { hash: 'sha512' }],
    ['another transform', 'transformaciones', { transform: 'http://www.w3.org/2001/10/xml-exc-c14n#' }],
    ['no reference to the document', 'el comprobante', { without: 'document' }],
    ['no reference to the key', 'KeyInfo', { without: 'key' }],
    ['no reference to the properties', 'SignedProperties', { without: 'properties' }],
  ])('refuses %s with 39', async (_, says, options) => {
    const { accessKey, xml } = facturaOf();
    const { state, messages } = await sri.decided(signed(xml, signer, options), accessKey);
    expect(state).toBe('NO AUTORIZADO');
    expect(messages).toEqual([
      { identifier: '39', message: 'FIRMA INVALIDA', additionalInfo: expect.stringContaining(says), type: 'ERROR' },
    ]);
  });

  it.each<[string, string, (document: string) => string]>([
    ['changed content', 'alterados', (document) => document.replace('Juan Pérez', 'Juan Perez')],
    ['line breaks taken out of the key', 'alterados', (document) => document.replaceAll(/\n(?=<ds:X509)/g, '')],
    ['a changed signature value', 'alterados', (document) => document.replace(/(?<=SignatureValue>\n)..../, 'AAAA')],
    ['no signature', 'debe llevar una firma', (document) => document.replace(/<ds:Signature .*<\/ds:Signature>/s, '')],
  ])('refuses %s with 39', async (_, says, change) => {
    const { accessKey, xml } = facturaOf();
    const { messages } = await sri.decided(Buffer.from(change(signed(xml, signer).toString())), accessKey);
    expect(messages).toMatchObject([{ identifier: '39', additionalInfo: expect.stringContaining(says) as string }]);
  });

  it('refuses a certificate that cannot be read with 40', async () => {
    const { accessKey, xml } = facturaOf();
    const { messages } = await sri.decided(signed(xml, signer, { certificateText: 'AAAA' }), accessKey);
    expect(messages).toMatchObject([{ identifier: '40' }]);
  });

  it.each([
    ['of another taxpayer', 'No existe el RUC', () => issued(SIGNING_USE, extension('1790099999001'))],
    ['that names nobody', 'No existe el RUC', () => issued(SIGNING_USE)],
    [
      'for decryption',
      'no es del tipo firma digital',
      () => issued({ name: 'keyUsage', keyEncipherment: true }, extension(RUC)),
    ],
    ['of an unknown authority', 'entidad autorizada', () => signerOf(newAuthority())],
    [
      'that has expired',
      'vigente',
      () =>
        certificateOf({
          issuer: authority,
          extensions: [SIGNING_USE, extension(RUC)],
          notBefore: new Date(Date.now() - 2 * DAY),
          notAfter: new Date(Date.now() - DAY),
        }),
    ],
  ])('refuses a certificate %s', async (_, says, identity) => {
    const { accessKey, xml } = facturaOf();
    const { messages } = await sri.decided(signed(xml, identity()), accessKey);
    expect(messages).toMatchObject([{ identifier: '39', additionalInfo: expect.stringContaining(says) as string }]);
  });

  it.each([
    [
      'in the subject',
      () =>
        certificateOf({
          issuer: authority,
          subject: [{ type: '2.5.4.97', value: `VATEC-${RUC}` }],
          extensions: [SIGNING_USE],
        }),
    ],
    [
      'as the cédula of a natural person',
      () => issued(SIGNING_USE, numberExtension('1.3.6.1.4.1.37746.3.1', RUC.slice(0, 10))),
    ],
    [
      'in an alternative name',
      () => issued(SIGNING_USE, { name: 'subjectAltName', altNames: [{ type: 1, value: `${RUC}@ejemplo.ec` }] }),
    ],
  ])('finds the RUC %s', async (_, identity) => {
    const { accessKey, xml } = facturaOf();
    expect(await sri.decided(signed(xml, identity()), accessKey)).toMatchObject({ state: 'AUTORIZADO' });
  });

  it.each<[string, string, string, string]>([
    ['lines that do not add up', '52', '<precioTotalSinImpuesto>25.00', '<precioTotalSinImpuesto>24.98'],
    ['IVA two cents off', '52', '<tarifa>15</tarifa><valor>3.75', '<tarifa>15</tarifa><valor>3.73'],
    ['IVA of a line two cents off', '52', '25.00</baseImponible><valor>3.75', '25.00</baseImponible><valor>3.77'],
    ['a total two cents off', '52', '<importeTotal>31.25', '<importeTotal>31.23'],
    ['lines one cent off', '60', '<precioTotalSinImpuesto>25.00', '<precioTotalSinImpuesto>25.01'],
    ['a total one cent off', '60', '<importeTotal>31.25', '<importeTotal>31.24'],
  ])('answers %s with %s', async (_, identifier, from, to) => {
    const { accessKey, xml } = facturaOf();
    expect(xml).toContain(from);
    const { messages } = await sri.decided(signed(xml.replace(from, to), signer), accessKey);
    expect(messages).toMatchObject([{ identifier }]);
  });
});
