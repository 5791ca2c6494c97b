import { describe, expect, it } from 'vitest';
import type { Sale } from '../../../dev/chaos/sales.ts';
import { brokenOf, wrongWith } from '../../../dev/chaos/verdict.ts';

const shop = { apiKey: '', issuerId: '', tenantId: '', endpointId: '' };
const sale = (given: Partial<Sale> = {}): Sale => ({
  key: 'k',
  shop,
  documentType: '01',
  body: {},
  askedAt: 0,
  requests: 1,
  accessKeys: new Set(['a']),
  ...given,
});
const row = {
  key: 'k',
  accessKey: 'a',
  status: 'AUTHORIZED',
  mailed: true,
  refusals: 0,
  mails: 1,
  mailsSent: 1,
  told: 1,
  heard: 1,
};
const tally = { accessKey: 'a', acceptedReceptions: 1, state: 'AUTORIZADO' };
const how = (...wrong: Parameters<typeof wrongWith>) => wrongWith(...wrong).map(([kind]) => kind);

describe('what a till was promised', () => {
  it('is kept by one document that SRI took once, mailed once, told once', () => {
    expect(wrongWith(sale(), row, tally)).toEqual([]);
    const unmailed = { ...row, mailed: false, mails: 0, mailsSent: 0 };
    expect(wrongWith(sale(), unmailed, tally)).toEqual([]);
    expect(wrongWith(sale(), { ...row, refusals: 1 }, { ...tally, acceptedReceptions: 2 })).toEqual([]);
  });

  it('is lost when there is no document of it, another one, or none that SRI has', () => {
    expect(how(sale(), undefined, undefined)).toEqual(['lost']);
    expect(how(sale(), { ...row, accessKey: 'b' }, tally)).toEqual(['lost']);
    expect(how(sale(), row, undefined)).toEqual(['lost']);
    expect(how(sale({ refused: '400', accessKeys: new Set() }), undefined, undefined)).toEqual(['lost']);
    expect(how(sale(), { ...row, mails: 0, mailsSent: 0 }, tally)).toEqual(['lost']);
    expect(how(sale(), { ...row, told: 0, heard: 0 }, tally)).toEqual(['lost']);
  });

  it('is doubled by a second document, reception, mail or webhook', () => {
    expect(how(sale({ accessKeys: new Set(['a', 'b']) }), row, tally)).toContain('doubled');
    expect(how(sale(), row, { ...tally, acceptedReceptions: 2 })).toEqual(['doubled']);
    expect(how(sale(), { ...row, mails: 2, mailsSent: 2 }, tally)).toEqual(['doubled']);
    expect(how(sale(), { ...row, told: 2, heard: 2 }, tally)).toEqual(['doubled']);
  });

  it('is stuck without an answer, an authorization, or what follows it', () => {
    expect(how(sale({ accessKeys: new Set() }), row, tally)).toEqual(['stuck']);
    expect(how(sale(), { ...row, status: 'RECEIVED' }, tally)).toEqual(['stuck']);
    expect(how(sale(), { ...row, mailsSent: 0 }, tally)).toEqual(['stuck']);
    expect(how(sale(), { ...row, heard: 0 }, tally)).toEqual(['stuck']);
  });
});

it("the auditor's findings are put to the sale that they are about", () => {
  const sales = [sale({ accessKeys: new Set(['x']) }), sale()];
  const finding = (check: string) => brokenOf({ check, subject: 'a', detail: 'd' }, sales);
  expect(finding('a mail goes out')).toMatchObject({ how: 'stuck', sale: sales[1] });
  expect(finding('SRI takes a document once')).toMatchObject({ how: 'doubled' });
  expect(finding('numbers are contiguous')).toMatchObject({ how: 'lost' });
});
