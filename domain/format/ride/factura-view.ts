import { child, childrenOf, type DocumentElement } from './document-tree.ts';
import { facturaExtras } from './factura-extras.ts';
import { facts, textOf } from './fields.ts';
import { idLabel, linesOf, paymentsOf } from './sale-view.ts';
import { totalsOf } from './totals-view.ts';
import type { Fact, TypeView } from './view.ts';

/** A factura, any schema version (ficha técnica 2.34, anexo 2: what its RIDE holds). */
export function facturaView(root: DocumentElement): TypeView {
  const info = child(root, 'infoFactura');
  const payments = paymentsOf(info);
  return {
    title: 'FACTURA',
    info,
    sections: [
      { facts: buyerOf(info) },
      { table: linesOf(childrenOf(child(root, 'detalles'), 'detalle')) },
      ...facturaExtras(root, info),
    ],
    ...(payments === undefined ? {} : { payments }),
    totals: totalsOf(info),
  };
}

function buyerOf(info: DocumentElement | undefined): Fact[] {
  const currency = textOf(info, 'moneda');
  return facts([
    ['Razón Social / Nombres y Apellidos', textOf(info, 'razonSocialComprador'), 'wide'],
    [idLabel(textOf(info, 'tipoIdentificacionComprador')), textOf(info, 'identificacionComprador')],
    ['Fecha Emisión', textOf(info, 'fechaEmision')],
    ['Guía Remisión', textOf(info, 'guiaRemision')],
    ['Placa', textOf(info, 'placa')],
    // Ecuador's currency is the dollar: only another one is news.
    ['Moneda', /^d[oó]lar(es)?$/i.test(currency ?? 'DOLAR') ? undefined : currency],
    ['Dirección', textOf(info, 'direccionComprador'), 'wide'],
  ]);
}
