import { describe, expect, it } from 'vitest';
import { helpFor, withHelp } from '../../../domain/sri/message-help.ts';

const said = (identifier: string, additionalInfo?: string) => ({
  identifier,
  message: 'AS SRI SAYS IT',
  type: 'ERROR',
  ...(additionalInfo === undefined ? {} : { additionalInfo }),
});
const fields = (identifier: string, additionalInfo?: string) => helpFor(said(identifier, additionalInfo), 'en')!.fields;

describe('the help for a message', () => {
  it.each([
    [
      "cvc-minLength-valid: Value '' with length = '0' is not facet-valid with respect to minLength '1' for type '#AnonType_direccionComprador'.",
      ['buyer.address'],
    ],
    [
      "cvc-complex-type.2.4.a: Invalid content was found starting with element 'descripcion'. One of '{codigoPrincipal}' is expected.",
      ['items[].description', 'items[].mainCode'],
    ],
    ["cvc-type.3.1.3: The value 'x' of element 'razonSocialComprador' is not valid.", ['buyer.name']],
    ["The value of element 'constructor' is not valid.", []],
    [undefined, []],
  ])('names the fields of 35 that SRI names: %s', (text, expected) => expect(fields('35', text)).toEqual(expected));

  it.each([
    ['La diferencia está en el valor del IVA', ['items[].taxes']],
    ['Descuento no coincide con el total', ['items[].discount', 'totals']],
    ['La suma de los pagos difiere', ['payments']],
    [undefined, ['items']],
  ])('names the sums of 52: %s', (text, expected) => expect(fields('52', text)).toEqual(expected));

  it('knows the field of a number that says it all', () => {
    expect(fields('65')).toEqual(['issueDate']);
    expect(fields('069')).toEqual(['buyer.id']);
    expect(fields('10')).toEqual([]);
  });

  it('speaks both languages, and leaves a number that SRI does not list as it is', () => {
    const [known, unknown] = withHelp([said('70'), said('999')], 'es');
    expect(known).toMatchObject({ identifier: '70', help: { next: 'wait', remedy: expect.stringContaining('Nada') } });
    expect(helpFor(said('70'), 'en')!.remedy).toContain('Nothing');
    expect(unknown).toEqual(said('999'));
  });
});
