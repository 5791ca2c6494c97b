import type { Environment } from '../../model/document.ts';
import type { DocumentElement } from './document-tree.ts';

/** What a RIDE prints, in the order it is printed. All texts are final: formatted, in Spanish, not yet escaped. */
export interface RideView {
  environment: Environment;
  /** `FACTURA`. */
  title: string;
  /** `001-001-000000001`. */
  number: string;
  accessKey: string;
  authorizationNumber: string;
  /** Absent where SRI gave none: it is optional on the issuer's RIDE (ficha técnica 2.34, §9.19–9.21). */
  authorizationDate?: string;
  issuer: RideIssuer;
  /** Receiver, lines and whatever else the type has. */
  sections: RideSection[];
  additionalInfo: Fact[];
  payments?: RideTable;
  totals: TotalRow[];
}

export interface RideIssuer {
  businessName: string;
  tradeName?: string;
  ruc: string;
  facts: Fact[];
  /** Regimes the law wants named. */
  legends: string[];
}

export interface RideSection {
  heading?: string;
  facts?: Fact[];
  table?: RideTable;
}

export interface Fact {
  label: string;
  value: string;
  /** Takes the whole width. */
  wide?: boolean;
}

export interface RideTable {
  columns: Column[];
  rows: Cell[][];
}

/** `text` takes what width is left, `code` breaks anywhere, `number` never breaks. */
export interface Column {
  label: string;
  kind: 'text' | 'code' | 'number';
}

export interface Cell {
  text: string;
  /** Small lines below. */
  notes?: string[];
}

export interface TotalRow {
  label: string;
  amount: string;
  /** `total` is what has to be paid; a `note` stands below it. */
  kind?: 'total' | 'note';
}

/** What a document type adds to what all have. */
export interface TypeView {
  title: string;
  /** The element that holds the type's own fields, such as `infoFactura`. */
  info: DocumentElement | undefined;
  sections: RideSection[];
  payments?: RideTable;
  totals: TotalRow[];
}
