import { ID_TYPES, PAYMENT_METHODS, TERM_UNITS } from '../../model/catalogues.ts';
import { child, childrenOf, type DocumentElement } from './document-tree.ts';
import { facturaExtras } from './factura-extras.ts';
import { cell, facts, money, plain, quantity, textOf } from './fields.ts';
import { totalsOf } from './totals-view.ts';
import type { Fact, RideTable, TypeView } from './view.ts';

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
    ...(payments.rows.length === 0 ? {} : { payments }),
    totals: totalsOf(info),
  };
}

function buyerOf(info: DocumentElement | undefined): Fact[] {
  const idType = ID_TYPES.find(({ code }) => code === textOf(info, 'tipoIdentificacionComprador'))?.name;
  const currency = textOf(info, 'moneda');
  return facts([
    ['Razón Social / Nombres y Apellidos', textOf(info, 'razonSocialComprador'), 'wide'],
    [idType === undefined ? 'Identificación' : `Identificación (${idType})`, textOf(info, 'identificacionComprador')],
    ['Fecha Emisión', textOf(info, 'fechaEmision')],
    ['Guía Remisión', textOf(info, 'guiaRemision')],
    ['Placa', textOf(info, 'placa')],
    // Ecuador's currency is the dollar: only another one is news.
    ['Moneda', /^d[oó]lar(es)?$/i.test(currency ?? 'DOLAR') ? undefined : currency],
    ['Dirección', textOf(info, 'direccionComprador'), 'wide'],
  ]);
}

function linesOf(lines: readonly DocumentElement[]): RideTable {
  const has = (name: string) => lines.some((line) => textOf(line, name) !== undefined);
  const subsidized = has('precioSinSubsidio');
  return {
    columns: [
      { label: has('codigoAuxiliar') ? 'Cód. Principal / Auxiliar' : 'Cód. Principal', kind: 'code' },
      { label: 'Cantidad', kind: 'number' },
      { label: 'Descripción', kind: 'text' },
      { label: 'Precio Unitario', kind: 'number' },
      ...(subsidized ? [{ label: 'Precio sin Subsidio', kind: 'number' } as const] : []),
      { label: 'Descuento', kind: 'number' },
      { label: 'Precio Total', kind: 'number' },
    ],
    rows: lines.map((line) => [
      cell(textOf(line, 'codigoPrincipal') ?? '', [textOf(line, 'codigoAuxiliar')]),
      cell(quantity(textOf(line, 'cantidad')), [textOf(line, 'unidadMedida')]),
      cell(textOf(line, 'descripcion') ?? '', additionalDetails(line)),
      cell(quantity(textOf(line, 'precioUnitario'))),
      ...(subsidized ? [cell(quantity(textOf(line, 'precioSinSubsidio')))] : []),
      cell(money(textOf(line, 'descuento'))),
      cell(money(textOf(line, 'precioTotalSinImpuesto'))),
    ]),
  };
}

function additionalDetails(line: DocumentElement): string[] {
  const details = childrenOf(child(line, 'detallesAdicionales'), 'detAdicional');
  return details.map(({ attributes: { nombre = '', valor = '' } }) => `${nombre}: ${valor}`);
}

function paymentsOf(info: DocumentElement | undefined): RideTable {
  return {
    columns: [
      { label: 'Forma de Pago', kind: 'text' },
      { label: 'Plazo', kind: 'text' },
      { label: 'Valor', kind: 'number' },
    ],
    rows: childrenOf(child(info, 'pagos'), 'pago').map((payment) => [
      cell(methodOf(textOf(payment, 'formaPago') ?? '')),
      cell(termOf(payment)),
      cell(money(textOf(payment, 'total'))),
    ]),
  };
}

/** The name whatever the day: what was authorized was valid then. */
function methodOf(code: string): string {
  const name = PAYMENT_METHODS.find((method) => method.code === code)?.name;
  return name === undefined ? code : `${code} - ${name}`;
}

function termOf(payment: DocumentElement): string {
  const term = textOf(payment, 'plazo');
  if (term === undefined) return '';
  const unit = textOf(payment, 'unidadTiempo');
  const name = TERM_UNITS.find(({ code }) => code === unit?.toLowerCase())?.name.toLowerCase();
  return [plain(term), name ?? unit].filter(Boolean).join(' ');
}
