import type {
  DocumentHead,
  DocumentTotals,
  DocumentType,
  FacturaBody,
  FieldProblem,
  IssuerSnapshot,
} from '../model/document.ts';
import { checkFactura, type CheckOptions } from '../model/factura-check.ts';
import { computeTotals } from '../model/factura-totals.ts';
import { facturaVersions, writeFactura } from './factura.ts';

/** All that a document's XML is made of. */
export interface WriteInput {
  head: DocumentHead;
  issuer: IssuerSnapshot;
  body: FacturaBody;
  /** Of this body. */
  totals: DocumentTotals;
  /** One of the type's versions. */
  version: string;
  /** RUC for "RUC Proveedor"; unset when the issuer runs this service for itself. */
  providerRuc?: string;
}

/** What the service knows of a type of document. The next type is a row here, a file beside this and one in the model. */
export interface DocumentTypeRow {
  /** SRI's table 3. */
  code: DocumentType;
  /** Spanish, for people. */
  name: string;
  versions: readonly string[];
  defaultVersion: string;
  /** Every rule that the body breaks; none before it is numbered. */
  check(body: FacturaBody, options: CheckOptions): FieldProblem[];
  totals(body: FacturaBody): DocumentTotals;
  /** Canonical XML, unsigned. @throws for a version that is not in `versions`. */
  write(input: WriteInput): string;
}

export const documentTypes: readonly DocumentTypeRow[] = [
  {
    code: '01',
    name: 'Factura',
    versions: facturaVersions,
    defaultVersion: '2.1.0',
    check: checkFactura,
    totals: computeTotals,
    write: writeFactura,
  },
];
