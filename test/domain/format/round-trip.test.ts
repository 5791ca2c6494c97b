import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WriteInput } from '../../../domain/format/document-type.ts';
import { documentTypes } from '../../../domain/format/document-types.ts';
import { validateXml } from '../../../domain/format/schema-check.ts';
import { parseAccessKey } from '../../../domain/model/access-key.ts';
import type { DocumentBody } from '../../../domain/model/document.ts';
import { Decimal } from '../../../domain/model/money.ts';
import { anyBodyOf } from '../../support/bodies.ts';
import { readBody } from '../../support/read-body.ts';
import { sampleHead, sampleIssuer, sampleOptions } from '../../support/sales.ts';

const NUMERIC =
  /^(quantity|unitPrice|unsubsidizedPrice|discount|tip|rate|taxableBase|taxAmount|amount|total|subtotal|base|freight|insurance|customs|otherTransport|term|incomeTax|boxPrice)$/;

/** As the XML has it: numbers by their value; a discount and a tip of nothing, and an empty list, are not there. */
function normal(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((entry) => normal(entry));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, entry]) => [key, normal(entry, key)] as const);
    return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
  }
  if (typeof value !== 'string' || !NUMERIC.test(name)) return value;
  const number = new Decimal(value);
  return number.isZero() && /^(discount|tip)$/.test(name) ? undefined : number.toFixed();
}

/** What a schema has no place for, and what an access key tells. */
function written(body: DocumentBody): unknown {
  const { buyer, supplier, carrier, subject, modifies, ...rest } = body as unknown as Record<string, object>;
  const parties = Object.entries({ buyer, supplier, carrier, subject }).flatMap(([role, party]) => {
    if (party === undefined) return [];
    const { email: _, address, ...named } = party as { email?: string; address?: string };
    const addressed = body.documentType === '01' || body.documentType === '03';
    return [[role, { ...named, ...(addressed && address !== undefined ? { address } : {}) }]];
  });
  return normal({
    ...rest,
    ...Object.fromEntries(parties),
    ...(modifies === undefined ? {} : { modifies: told(modifies as { accessKey?: string }) }),
  });
}

function told(modifies: { accessKey?: string }) {
  if (modifies.accessKey === undefined) return modifies;
  const { documentType, branchCode, issuePointCode, sequential, issueDate } = parseAccessKey(modifies.accessKey);
  return { documentType, number: `${branchCode}-${issuePointCode}-${sequential}`, issueDate };
}

describe.each(documentTypes.map((type) => [type.root, type] as const))('a %s', (_, type) => {
  function write(body: DocumentBody): string {
    const head = sampleHead({ documentType: type.code });
    const input: WriteInput = {
      head,
      issuer: sampleIssuer,
      version: type.versions[0],
      body,
      totals: type.totals(body),
    };
    return type.write(input);
  }

  it('is read back as what it was written from, and fits our schema', () => {
    fc.assert(
      fc.property(anyBodyOf(type.code), (body) => {
        expect(type.check(body, sampleOptions)).toEqual([]);
        const xml = write(body);
        expect(validateXml(type.code, type.versions[0], xml)).toEqual([]);
        const read = readBody(type.code, xml);
        expect(normal(read)).toEqual(written(body));
        expect(write(read as unknown as DocumentBody)).toBe(xml);
      }),
      { numRuns: 100 },
    );
  });
});
