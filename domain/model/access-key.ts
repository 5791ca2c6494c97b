import type { DocumentType, Environment } from './document.ts';

export interface AccessKeyParts {
  /** DD/MM/YYYY. */
  issueDate: string;
  documentType: DocumentType;
  ruc: string;
  environment: Environment;
  branchCode: string;
  issuePointCode: string;
  sequential: string;
  /** 8 digits, free. */
  numericCode: string;
}

const SHAPE = /^(\d{2})(\d{2})(\d{4})(\d{2})(\d{13})([12])(\d{3})(\d{3})(\d{9})(\d{8})1(\d)$/;

/**
 * The 49 digits that name a document (ficha técnica 2.34, §4, table 1).
 * @throws when a part has the wrong length or is not digits alone.
 */
export function buildAccessKey(parts: AccessKeyParts): string {
  const fields: [name: string, digits: string, length: number][] = [
    ['issueDate', parts.issueDate.replaceAll('/', ''), 8],
    ['documentType', parts.documentType, 2],
    ['ruc', parts.ruc, 13],
    ['environment', parts.environment === 'production' ? '2' : '1', 1],
    ['branchCode', parts.branchCode, 3],
    ['issuePointCode', parts.issuePointCode, 3],
    ['sequential', parts.sequential, 9],
    ['numericCode', parts.numericCode, 8],
    // tipoEmision: normal, the only one left.
    ['emission', '1', 1],
  ];
  for (const [name, digits, length] of fields) {
    if (digits.length !== length || !/^\d+$/.test(digits)) {
      throw new Error(`${name} must have ${length} digits in an access key`);
    }
  }
  const digits = fields.map((field) => field[1]).join('');
  return digits + accessKeyCheckDigit(digits);
}

/**
 * Modulus 11 with weights 2 to 7 from the right; 11 becomes 0 and 10 becomes 1 (ficha técnica 2.34, §4). So 1 stands for
 * two remainders, and a wrong digit is seen in every key but some of those that end in 1.
 */
export function accessKeyCheckDigit(digits: string): string {
  let total = 0;
  for (let at = 0; at < digits.length; at++) {
    total += Number(digits[digits.length - 1 - at]) * (2 + (at % 6));
  }
  const check = 11 - (total % 11);
  return String(check === 11 ? 0 : check === 10 ? 1 : check);
}

/** Its shape, environment and emission are right, and its check digit. */
export function isAccessKey(text: string): boolean {
  return SHAPE.test(text) && accessKeyCheckDigit(text.slice(0, 48)) === text[48];
}

/** @throws when `key` is no access key: shape, environment, emission or check digit. */
export function parseAccessKey(key: string): AccessKeyParts {
  if (!isAccessKey(key)) throw new Error('not an access key');
  const [, day, month, year, documentType, ruc, environment, branchCode, issuePointCode, sequential, numericCode] =
    SHAPE.exec(key) as unknown as string[];
  return {
    issueDate: `${day}/${month}/${year}`,
    documentType: documentType as DocumentType,
    ruc: ruc!,
    environment: environment === '2' ? 'production' : 'sandbox',
    branchCode: branchCode!,
    issuePointCode: issuePointCode!,
    sequential: sequential!,
    numericCode: numericCode!,
  };
}
