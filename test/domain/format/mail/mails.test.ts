import { describe, expect, it } from 'vitest';
import {
  certificateMail,
  documentMail,
  type DocumentMailFacts,
  verificationMail,
} from '../../../../domain/format/mail/mails.ts';

const accessKey = '2511202601179001234500110010010000001231234567811';
const facts: DocumentMailFacts = {
  language: 'es',
  issuerName: 'Panadería Ñandú S.A.',
  documentName: 'Factura',
  documentNumber: '001-001-000000123',
  buyerName: 'María José Muñoz',
  total: '115.00',
  accessKey,
  authorizationDate: '2026-11-25T10:20:30-05:00',
  environment: 'production',
};

describe('the mail of a document', () => {
  it('speaks of no amount where there is none by its kind: a guía came to USD 0.00', () => {
    const { total: _, ...amountless } = facts;
    const { html, text } = documentMail({ ...amountless, documentName: 'Guía de remisión' });
    for (const part of [html, text]) expect(part).not.toMatch(/USD|Total/);
  });

  it('tells in Spanish what was bought, from whom and what is attached', () => {
    const { subject, html, text } = documentMail(facts);
    expect(subject).toBe('Factura 001-001-000000123 de Panadería Ñandú S.A.');
    expect(html).toContain('<html lang="es">');
    for (const part of [html, text]) {
      for (const said of [
        'María José Muñoz',
        'Panadería Ñandú S.A.',
        '001-001-000000123',
        'USD 115.00',
        '25/11/2026 10:20',
        accessKey,
        'RIDE',
        'XML',
      ]) {
        expect(part).toContain(said);
      }
      expect(part).not.toContain('S.A..');
    }
  });

  it('tells the same in English', () => {
    const { subject, html, text } = documentMail({ ...facts, language: 'en' });
    expect(subject).toBe('Factura 001-001-000000123 from Panadería Ñandú S.A.');
    expect(html).toContain('<html lang="en">');
    for (const part of [html, text]) {
      for (const said of [
        'Hello María José Muñoz',
        'authorized by SRI',
        'USD 115.00',
        '2026-11-25 10:20',
        accessKey,
        'attached',
      ]) {
        expect(part).toContain(said);
      }
    }
  });

  it.each([
    ['es', '[PRUEBA] ', 'no tiene validez tributaria'],
    ['en', '[TEST] ', 'has no tax validity'],
  ] as const)('says in %s that a test document has no tax validity, and of no other', (language, tag, warning) => {
    const test = documentMail({ ...facts, language, environment: 'sandbox' });
    const real = documentMail({ ...facts, language });
    expect(test.subject.startsWith(tag)).toBe(true);
    expect(test.subject.slice(tag.length)).toBe(real.subject);
    expect([test.html, test.text].map((part) => part.includes(warning))).toEqual([true, true]);
    expect([real.html, real.text].map((part) => part.includes(warning))).toEqual([false, false]);
  });

  it.each([
    ['2026-11-26T03:20:30Z', '25/11/2026 22:20'],
    ['2026-11-25T10:20:30.123-05:00', '25/11/2026 10:20'],
    ['25/11/2026 10:20:30', '25/11/2026 10:20:30'],
    ['05/11/2026 10:20:30', '05/11/2026 10:20:30'],
  ])('shows the authorization of %s as %s', (authorizationDate, shown) => {
    expect(documentMail({ ...facts, authorizationDate }).text).toContain(`Autorizado: ${shown}\n`);
  });

  it('leaves out an authorization date that SRI did not give', () => {
    const { html, text } = documentMail({ ...facts, authorizationDate: '' });
    expect([html, text].some((part) => part.includes('Autorizado'))).toBe(false);
  });

  it('takes every name as text, never as markup', () => {
    const evil = `<script>alert("x")</script>&'`;
    const { html } = documentMail({
      ...facts,
      issuerName: evil,
      buyerName: evil,
      documentName: evil,
      authorizationDate: evil,
      total: evil,
    });
    expect(html).not.toContain('<script');
    expect(html).not.toContain('"x"');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;');
  });

  it('asks for nothing from the network', () => {
    const { html } = documentMail(facts);
    expect(html).not.toMatch(/\bsrc=|url\(|https?:/);
  });
});

describe('the mail that verifies an address', () => {
  const content = {
    language: 'es',
    businessName: 'Ñandú & Cía',
    link: 'https://api.example.ec/v1/verify-email?token=ab&x="1"',
  } as const;

  it.each([
    ['es', 'Confirme su correo para Ñandú & Cía', 'Confirmar mi correo'],
    ['en', 'Confirm your address for Ñandú & Cía', 'Confirm my address'],
  ] as const)('asks in %s to follow the link', (language, subject, action) => {
    const mail = verificationMail({ ...content, language });
    expect(mail.subject).toBe(subject);
    expect(mail.html).toContain(action);
    expect(mail.html).toContain('href="https://api.example.ec/v1/verify-email?token=ab&amp;x=&quot;1&quot;"');
    expect(mail.text).toContain(`${action}:\n${content.link}\n`);
  });
});

describe('the mail about a certificate', () => {
  const content = {
    businessName: 'Panadería Ñandú S.A.',
    ruc: '1710034065001',
    issuePoints: ['001-001', '001-002'],
    notAfter: '2026-12-25T17:00:00.000Z',
  };

  it.each([
    ['es', 'El certificado de firma vence mañana', '25/12/2026 12:00', 'Pida un certificado nuevo'],
    ['en', 'The signing certificate expires tomorrow', '2026-12-25 12:00', 'Ask your certification authority'],
  ] as const)('tells in %s when it ends, what it signs, and what to do', (language, title, end, advice) => {
    const { subject, html, text } = certificateMail({ language, title, ...content });
    expect(subject).toBe(title);
    expect(html).toContain(`<html lang="${language}">`);
    for (const part of [html, text]) {
      for (const said of ['Panadería Ñandú S.A.', '1710034065001', '001-001, 001-002', end, advice]) {
        expect(part).toContain(said);
      }
    }
  });
});
