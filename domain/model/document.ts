/**
 * The content of a document, as the writer, the totals, the store and the RIDE agree on it.
 * Money, quantities and prices are decimal strings; dates are tax dates `DD/MM/YYYY` in America/Guayaquil.
 */

/** SRI's table 3 (ficha técnica 2.34); `domain/format/document-types.ts` has a row for each that is issued. */
export type DocumentType = '01' | '03' | '04' | '05' | '06' | '07';

export type Environment = 'sandbox' | 'production';

/** Of the printed form: a sheet, or paper of 80 mm from a roll. */
export type RideFormat = 'a4' | 'ticket';

/** Status of a document. `CREATED`: numbered, not signed yet; `PENDING_SEND`: the sender was asked to act. */
export type DocumentStatus =
  | 'CREATED'
  | 'SIGNED'
  | 'PENDING_SEND'
  | 'RECEIVED'
  | 'RETURNED'
  | 'AUTHORIZED'
  | 'NOT_AUTHORIZED';

/** The issuer as it stood when the document was written; stored with the document, never read live afterwards. */
export interface IssuerSnapshot {
  ruc: string;
  businessName: string;
  tradeName?: string;
  mainAddress: string;
  branchAddress?: string;
  branchCode: string;
  issuePointCode: string;
  /** Resolution number as contribuyente especial, 3–13 letters or digits. */
  specialTaxpayer?: string;
  requiredAccounting: boolean;
  /** Resolution number as agente de retención, ≤ 8 digits without leading zeros. */
  withholdingAgent?: string;
  rimpe?: 'EMPRENDEDOR' | 'NEGOCIO_POPULAR';
  /** Resolution number as gran contribuyente (ficha técnica 2.34, anexo 24). */
  largeTaxpayer?: string;
}

/** What is fixed with the number, before and after every rebuild. */
export interface DocumentHead {
  environment: Environment;
  documentType: DocumentType;
  /** 49 digits. */
  accessKey: string;
  /** 9 digits. */
  sequential: string;
  /** DD/MM/YYYY. */
  issueDate: string;
}

/** Whom a document is made out to: buyer, supplier, carrier, whoever has tax withheld. */
export interface Party {
  /** SRI table 6: 04 RUC, 05 cédula, 06 passport, 07 final consumer, 08 foreign id. */
  idType: '04' | '05' | '06' | '07' | '08';
  id: string;
  name: string;
  email?: string;
  address?: string;
}

export interface NameValue {
  name: string;
  value: string;
}

export interface LineTax {
  /** 2 IVA, 3 ICE, 5 IRBPNR. */
  code: '2' | '3' | '5';
  rateCode: string;
  /** Percentage, or the specific tariff of ICE and IRBPNR; up to 4 digits, 2 of them decimals. */
  rate: string;
  /** IVA: checked to one cent when stated. ICE and IRBPNR: mandatory and taken as stated, the line does not tell. */
  taxableBase?: string;
  taxAmount?: string;
}

export interface Item {
  mainCode: string;
  auxiliaryCode?: string;
  description: string;
  unit?: string;
  /** Up to 6 decimals, like the price. */
  quantity: string;
  unitPrice: string;
  /** Of subsidized goods: what one would cost otherwise. */
  unsubsidizedPrice?: string;
  discount?: string;
  taxes: LineTax[];
  additionalDetails?: NameValue[];
}

export interface Payment {
  /** SRI table 24. */
  method: string;
  total: string;
  term?: string;
  termUnit?: 'dias' | 'meses';
}

/** What a caller says of a document, as far as all types have it; the server computes everything else. */
export interface DocumentBody {
  documentType: DocumentType;
  /** Of SRI's format; the type's default unless given. */
  version?: string;
  additionalInfo?: NameValue[];
}

/** Stated by the caller, checked to one cent. */
export interface StatedTotals {
  subtotal?: string;
  discount?: string;
  tax?: string;
  total?: string;
}

export interface ComputedTax {
  code: '2' | '3' | '5';
  rateCode: string;
  rate: string;
  base: string;
  amount: string;
}

export interface ComputedLine {
  /** Quantity × unit price − discount, two decimals. */
  net: string;
  discount: string;
  taxes: ComputedTax[];
}

/** What the server computes; a type has what it needs of it. */
export interface DocumentTotals {
  /** What the document amounts to; `0.00` where it has no amounts. */
  total: string;
}

export interface SaleTotals extends DocumentTotals {
  lines: ComputedLine[];
  /** totalSinImpuestos. */
  subtotal: string;
  /** totalDescuento. */
  discount: string;
  /** One row per tax code and rate code, in order of first appearance. */
  taxes: ComputedTax[];
  tip: string;
}

/** A field that was refused: JSON path like `items[0].taxes[0].code`, a sentence, the value if it is no secret. */
export interface FieldProblem {
  field: string;
  message: string;
  value?: unknown;
}
