import { describe, expect, it } from 'vitest';
import type { CertificateFacts } from '../../../domain/signing/certificate-facts.ts';
import { assertIssuedTo } from '../../../domain/tenants/issuer-certificate.ts';

const RUC = '1790012345001';

function refusal(facts: Partial<CertificateFacts>): string {
  try {
    assertIssuedTo(
      { facts: facts as CertificateFacts, certificateDer: Buffer.alloc(0), privateKeyDer: Buffer.alloc(0) },
      RUC,
    );
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

describe('a certificate of another taxpayer', () => {
  it.each<[string, Partial<CertificateFacts>, string]>([
    ['a company', { ruc: '0992301066001' }, `was issued to RUC 0992301066001; it must be of RUC ${RUC}.`],
    ['a person', { cedula: '1710034065' }, `was issued to RUC 1710034065001; it must be of RUC ${RUC}.`],
    ['nobody', {}, `names no RUC or cédula; it must be of RUC ${RUC}.`],
  ])('is refused with whose it is: %s', (_, facts, sentence) => {
    expect(refusal(facts)).toBe(`The certificate ${sentence}`);
  });

  it('is none where it names the RUC', () => {
    expect(refusal({ ruc: RUC, cedula: '1710034065' })).toBe('none');
  });
});
