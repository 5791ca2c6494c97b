import type { DocumentTypeRow } from './document-type.ts';
import { factura } from './factura.ts';

/** The types that are issued. The next one is a file beside `factura.ts` and a row here. */
export const documentTypes: readonly DocumentTypeRow[] = [factura];
