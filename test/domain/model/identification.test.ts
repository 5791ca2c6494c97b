import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partyIdProblem, isCedula, isRuc } from '../../../domain/model/identification.ts';
import { anyCedula } from '../../support/sales.ts';

describe('a cédula', () => {
  it.each(['1710034065', '0926687856', '0102030400'])('%s is right', (text) => expect(isCedula(text)).toBe(true));

  it.each([
    ['a wrong check digit', '1710034064'],
    ['a province that is none', '2510034063'],
    ['province 00', '0010034065'],
    ['a third digit of companies', '1760013210'],
    ['nine digits', '171003406'],
    ['other digits', '１７１００３４０６５'],
  ])('with %s is wrong', (_, text) => expect(isCedula(text)).toBe(false));

  it('shows every wrong digit after the province', () => {
    fc.assert(
      fc.property(anyCedula, fc.integer({ min: 3, max: 9 }), fc.integer({ min: 1, max: 9 }), (cedula, at, by) => {
        expect(isCedula(cedula)).toBe(true);
        const wrong = cedula.slice(0, at) + String((Number(cedula[at]) + by) % 10) + cedula.slice(at + 1);
        expect(isCedula(wrong)).toBe(false);
      }),
    );
  });
});

describe('a RUC', () => {
  it.each([
    ['of a person', '1710034065001'],
    ['of the state', '1760013210001'],
    // Active in SRI's registry, though no known algorithm gives their check digits.
    ['of a new S.A.S.', '1793213150001'],
    ['of a new S.A.S.', '0993366721001'],
  ])('%s is right: %s', (_, text) => expect(isRuc(text)).toBe(true));

  it.each(['1710034064001', '1710034065002', '171003406500', '17100340650011', '1770013210001', 'A793213150001', ''])(
    '%s is wrong',
    (text) => expect(isRuc(text)).toBe(false),
  );
});

describe("the buyer's id", () => {
  it.each([
    ['04', '1793213150001'],
    ['05', '1710034065'],
    ['06', 'AB-123.456'],
    ['07', '9999999999999'],
    ['08', 'Ñ 77/1'],
  ] as const)('of type %s may be %s', (idType, id) => expect(partyIdProblem({ idType, id })).toBeUndefined());

  it.each([
    ['04', '1710034065'],
    ['05', '1710034065001'],
    ['05', '1710034064'],
    ['06', '<script>'],
    ['06', 'x'.repeat(21)],
    ['07', '1710034065'],
    ['08', ''],
  ] as const)('of type %s may not be %s', (idType, id) => expect(partyIdProblem({ idType, id })).toMatch(/^must /));
});
