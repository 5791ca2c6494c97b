import type { z } from 'zod';
import type { CheckOptions } from '../model/checks.ts';
import type {
  DocumentBody,
  DocumentHead,
  DocumentTotals,
  DocumentType,
  FieldProblem,
  IssuerSnapshot,
  Party,
} from '../model/document.ts';
import type { DocumentElement } from './ride/document-tree.ts';
import type { TypeView } from './ride/view.ts';

/** All that a document's XML is made of. */
export interface WriteInput<Body = DocumentBody, Totals = DocumentTotals> {
  head: DocumentHead;
  issuer: IssuerSnapshot;
  body: Body;
  /** Of this body. */
  totals: Totals;
  /** One of the type's versions. */
  version: string;
  /** RUC for "RUC Proveedor"; unset when the issuer runs this service for itself. */
  providerRuc?: string;
}

/** A document that another one changes. */
export interface Modification {
  /** SRI's code. */
  documentType: string;
  /** Where the caller gave it. */
  accessKey?: string;
  /** `001-001-000000123`. */
  number: string;
  /** DD/MM/YYYY. */
  issueDate: string;
  /** It takes from what the document amounts to. */
  credit: boolean;
}

/** What the service knows of a type of document: one file says it all. */
export interface DocumentTypeRow<
  Body extends DocumentBody = DocumentBody,
  Totals extends DocumentTotals = DocumentTotals,
> {
  /** SRI's table 3. */
  code: DocumentType;
  /** Names its schemas in the OpenAPI document, such as `Factura`. */
  id: string;
  /** Spanish, for people. */
  name: string;
  /** Name of the root element. */
  root: string;
  versions: readonly [string, ...string[]];
  /** What a caller says; without what belongs to the request, such as the date. */
  body: z.ZodObject;
  /** Has no amount: its total is 0.00, and no mail speaks of one. */
  amountless?: true;
  /** A body that `check` takes, for the documentation. */
  example: z.input<z.ZodObject>;
  /** The document that it changes, of a type that changes one. */
  modifies?(body: Body): Modification;
  /** Whom it is made out to: gets the mail, and is found in lists. */
  party(body: Body): Party;
  /** Every rule that the body breaks; none before it is numbered. */
  check(body: Body, options: CheckOptions): FieldProblem[];
  totals(body: Body): Totals;
  /** Canonical XML, unsigned. */
  write(input: WriteInput<Body, Totals>): string;
  /** What its RIDE shows, read from the XML of any version. */
  view(root: DocumentElement): TypeView;
}
