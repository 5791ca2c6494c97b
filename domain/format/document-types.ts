import type { DocumentTypeRow } from './document-type.ts';
import { comprobanteRetencion } from './comprobante-retencion.ts';
import { factura } from './factura.ts';
import { guiaRemision } from './guia-remision.ts';
import { liquidacionCompra } from './liquidacion-compra.ts';
import { notaCredito } from './nota-credito.ts';
import { notaDebito } from './nota-debito.ts';

/** The types that are issued. The next one is a file beside `factura.ts` and a row here. */
export const documentTypes: readonly DocumentTypeRow[] = [
  factura,
  liquidacionCompra,
  notaCredito,
  notaDebito,
  guiaRemision,
  comprobanteRetencion,
];
