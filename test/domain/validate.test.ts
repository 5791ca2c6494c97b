import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decimal, digits, email, line, taxDate } from '../../api/fields.ts';
import { validate } from '../../domain/validate.ts';
import { DocumentIn, RebuildIn, requestOf } from '../../domain/format/document-request.ts';
import { factura, type FacturaBody } from '../../domain/format/factura.ts';
import { sampleOptions } from '../support/sales.ts';

const EXAMPLE_SALE = factura.example as FacturaBody;

function problems(schema: z.ZodType, input: unknown) {
  const result = validate(schema, input);
  return 'problems' in result ? result.problems : [];
}

/** The example sale with something put at a path. */
function sale(path: (string | number)[], value: unknown): unknown {
  const copy: unknown = structuredClone(EXAMPLE_SALE);
  let place = copy as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) place = place[part] as Record<string | number, unknown>;
  place[path.at(-1)!] = value;
  return copy;
}

describe('a sale', () => {
  it('of the documentation is one that the business accepts', () => {
    const result = validate(DocumentIn, EXAMPLE_SALE);
    const { body, autoSend } = requestOf((result as { data: z.output<typeof DocumentIn> }).data);
    expect(autoSend).toBe(false);
    expect(body).toEqual(EXAMPLE_SALE);
    expect(factura.check(body as FacturaBody, sampleOptions)).toEqual([]);
  });

  it.each<[string, (string | number)[], unknown, { field: string; message: RegExp; value?: unknown }]>([
    ['an unknown field', ['buyer', 'phone'], '099', { field: 'buyer.phone', message: /not a field/ }],
    ['an unknown field at the top', ['foo'], { secret: 1 }, { field: 'foo', message: /not a field/ }],
    ['a missing field', ['items', 0, 'mainCode'], undefined, { field: 'items[0].mainCode', message: /is required/ }],
    ['a missing e-mail of the buyer', ['buyer', 'email'], undefined, { field: 'buyer.email', message: /is required/ }],
    [
      'a number that is none',
      ['guiaRemision'],
      '1-2-3',
      { field: 'guiaRemision', message: /^must look like 001-001-000000123/, value: '1-2-3' },
    ],
    ['a wrong e-mail', ['buyer', 'email'], 'juan', { field: 'buyer.email', message: /e-mail/, value: 'juan' }],
    [
      'a JSON number as price',
      ['items', 0, 'unitPrice'],
      4.5,
      { field: 'items[0].unitPrice', message: /in a string.*lose cents/, value: 4.5 },
    ],
    [
      'a comma in a price',
      ['items', 0, 'unitPrice'],
      '4,50',
      { field: 'items[0].unitPrice', message: /decimal in a string/, value: '4,50' },
    ],
    [
      'a negative price',
      ['items', 0, 'unitPrice'],
      '-1',
      { field: 'items[0].unitPrice', message: /decimal/, value: '-1' },
    ],
    [
      'seven decimals',
      ['items', 0, 'quantity'],
      '1.1234567',
      { field: 'items[0].quantity', message: /6 decimals/, value: '1.1234567' },
    ],
    [
      'a tax of another world',
      ['items', 0, 'taxes', 0, 'code'],
      '9',
      { field: 'items[0].taxes[0].code', message: /one of 2, 3, 5/, value: '9' },
    ],
    [
      'a line feed',
      ['items', 0, 'description'],
      'Café\n500 g',
      { field: 'items[0].description', message: /line breaks/, value: 'Café\n500 g' },
    ],
    ['a tab', ['buyer', 'name'], 'Juan\tPérez', { field: 'buyer.name', message: /control/, value: 'Juan\tPérez' }],
    [
      'a text too long',
      ['buyer', 'name'],
      'x'.repeat(301),
      { field: 'buyer.name', message: /at most 300/, value: 'x'.repeat(200) },
    ],
    ['no items', ['items'], [], { field: 'items', message: /at least 1 entry/ }],
    ['an object for a list', ['items'], {}, { field: 'items', message: /a list/ }],
    [
      '16 additional fields',
      ['additionalInfo'],
      Array(16).fill({ name: 'a', value: 'b' }),
      { field: 'additionalInfo', message: /14/ },
    ],
    ['no date', ['issueDate'], '31/02/2026', { field: 'issueDate', message: /calendar/, value: '31/02/2026' }],
    [
      'both names of one field',
      ['items', 0],
      { ...EXAMPLE_SALE.items[0], auxiliaryCode: 'a', auxCode: 'b' },
      { field: 'items[0].auxCode', message: /give one/, value: 'b' },
    ],
    [
      'a term that is no number',
      ['payments', 0, 'term'],
      'soon',
      { field: 'payments[0].term', message: /decimal/, value: 'soon' },
    ],
  ])('with %s is refused at its path', (_, path, value, { message, ...expected }) => {
    const found = problems(DocumentIn, sale(path, value));
    expect(found).toEqual([{ ...expected, message: expect.stringMatching(message) }]);
  });

  it.each([undefined, null, 'text', 7, []])('is an object, not %s', (body) => {
    expect(problems(DocumentIn, body)).toEqual([{ field: 'general', message: expect.any(String) }]);
  });

  it('tells everything that is wrong at once', () => {
    const found = problems(DocumentIn, { documentType: '01', buyer: { idType: '09' }, items: [{}], payments: 'cash' });
    expect(found.map(({ field }) => field)).toEqual(
      expect.arrayContaining([
        'buyer.idType',
        'buyer.id',
        'buyer.name',
        'buyer.email',
        'items[0].mainCode',
        'items[0].taxes',
        'payments',
      ]),
    );
  });

  it('knows auxCode as the old name of auxiliaryCode', () => {
    const result = validate(DocumentIn, sale(['items', 0, 'auxCode'], 'A-1'));
    expect(result).toHaveProperty('data.items[0].auxiliaryCode', 'A-1');
    expect(result).not.toHaveProperty('data.items[0].auxCode');
  });

  it('takes a term as a number too', () => {
    expect(validate(DocumentIn, sale(['payments', 0, 'term'], 30))).toHaveProperty('data.payments[0].term', '30');
  });

  it('is not sent by itself unless it says so', () => {
    expect(validate(DocumentIn, sale(['autoSend'], undefined))).toHaveProperty('data.autoSend', false);
  });

  it('that is rebuilt may carry any date, which is ignored', () => {
    const result = validate(RebuildIn, sale(['issueDate'], '01/01/2020'));
    expect(requestOf((result as { data: z.output<typeof RebuildIn> }).data)).not.toHaveProperty('body.issueDate');
  });
});

describe('fields', () => {
  it.each(['a', 'Ñandú S.A.', '日本', '😀 x', 'a b  c', '&<>"\''])('take %j as a line', (text) => {
    expect(problems(line(300), text)).toEqual([]);
    // What the description says, by the reading of JSON Schema.
    const { pattern } = z.toJSONSchema(line(300)) as { pattern: string };
    expect(text).toMatch(new RegExp(pattern, 'u'));
  });

  it.each(['a@b.0g-.com', 'a@-b.com', 'a@wf--f.com', '.a@b.com', 'a..b@c.com', 'a@b'])(
    'refuse %j as an address',
    (text) => {
      expect(problems(email(), text)).not.toEqual([]);
    },
  );

  it.each(["o'neil+till@sub-domain.example.com", 'a@b.ec', 'a@xn--bcher-kva.example'])(
    'take %j as an address',
    (text) => {
      expect(problems(email(), text)).toEqual([]);
    },
  );

  it('say of an empty line only that it is empty', () => {
    expect(problems(line(300), '')).toEqual([{ field: 'general', message: 'must not be empty' }]);
  });

  it.each([' a', 'a ', 'a\r', '\n', 'a\u0000b', 'a\u007f'])('refuse %j as a line', (text) => {
    expect(problems(line(300), text)).not.toEqual([]);
    const { pattern } = z.toJSONSchema(line(300)) as { pattern: string };
    expect(text).not.toMatch(new RegExp(pattern, 'u'));
  });

  it.each(['0', '10', '10.3', '999999999999.99'])('take %s as an amount', (text) => {
    expect(problems(decimal(12, 2), text)).toEqual([]);
  });

  it.each(['', '1.', '.5', '1e3', '+1', ' 1', '1.234', 'NaN', '1000000000000', '１'])(
    'refuse %j as an amount',
    (text) => {
      expect(problems(decimal(12, 2), text)).toHaveLength(1);
    },
  );

  it.each([
    ['29/02/2028', true],
    ['29/02/2026', false],
    ['2026-11-25', false],
    ['1/1/2026', false],
  ])('know whether %s is a day', (text, good) => {
    expect(problems(taxDate(), text)).toHaveLength(good ? 0 : 1);
  });

  it('never repeat a secret', () => {
    const schema = z.strictObject({ certPassword: z.string().max(3), token: digits(4) });
    const found = problems(schema, { certPassword: 'hunter2', token: 'hunter2', password: 'hunter2' });
    expect(found.map(({ field }) => field)).toEqual(['certPassword', 'token', 'password']);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });
});
