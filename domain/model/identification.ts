import type { Party } from './document.ts';

export const FINAL_CONSUMER_ID = '9999999999999';

/** Provinces 01–24 and 30 for people registered abroad; the third digit of a person is below 6; modulus 10. */
export function isCedula(text: string): boolean {
  if (!/^\d{10}$/.test(text)) return false;
  const province = Number(text.slice(0, 2));
  if ((province < 1 || province > 24) && province !== 30) return false;
  if (Number(text[2]) > 5) return false;
  let total = 0;
  for (let at = 0; at < 9; at++) {
    const product = Number(text[at]) * (at % 2 === 0 ? 2 : 1);
    total += product > 9 ? product - 9 : product;
  }
  return (10 - (total % 10)) % 10 === Number(text[9]);
}

/**
 * Shape of a RUC. A natural person's is the cédula and 001. For companies (third digit 6 or 9) only the shape counts:
 * the check digit of many that are active in the registry fails every known algorithm.
 */
export function isRuc(text: string): boolean {
  if (!/^\d{13}$/.test(text) || !text.endsWith('001')) return false;
  const kind = Number(text[2]);
  return kind === 6 || kind === 9 || isCedula(text.slice(0, 10));
}

/** What is wrong with the id of a party, or nothing (ficha técnica 2.34, table 6). */
export function partyIdProblem({ idType, id }: Pick<Party, 'idType' | 'id'>): string | undefined {
  switch (idType) {
    case '04':
      return isRuc(id)
        ? undefined
        : 'must be a RUC: 13 digits that end in 001; a natural person’s begins with a valid cédula';
    case '05':
      return isCedula(id) ? undefined : 'must be a cédula: 10 digits with a valid check digit';
    case '07':
      return id === FINAL_CONSUMER_ID ? undefined : `must be ${FINAL_CONSUMER_ID} for the final consumer`;
    default:
      return /^[\p{L}\p{N}.\-/ ]{1,20}$/u.test(id)
        ? undefined
        : 'must have 1 to 20 letters, digits, spaces, dots, dashes or slashes';
  }
}
