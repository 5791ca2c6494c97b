import { ID_TYPES, PAYMENT_METHODS, TERM_UNITS } from '../../model/catalogues.ts';
import { child, childrenOf, type DocumentElement } from './document-tree.ts';
import { cell, money, named, nameOf, plain, quantity, textOf } from './fields.ts';
import type { RideTable } from './view.ts';

/** A sale calls the codes of a line so, a note about it otherwise. */
const FIRST_CODES = ['codigoPrincipal', 'codigoInterno'];
const SECOND_CODES = ['codigoAuxiliar', 'codigoAdicional'];

function firstOf(line: DocumentElement, names: readonly string[]): string | undefined {
  return names.map((name) => textOf(line, name)).find((text) => text !== undefined);
}

/** `Identificación (Cédula)` */
export function idLabel(code: string | undefined): string {
  const name = nameOf(ID_TYPES, code);
  return name === undefined ? 'Identificación' : `Identificación (${name})`;
}

/** The lines of a sale or of a note about one. */
export function linesOf(lines: readonly DocumentElement[]): RideTable {
  const has = (name: string) => lines.some((line) => textOf(line, name) !== undefined);
  const subsidized = has('precioSinSubsidio');
  return {
    columns: [
      { label: SECOND_CODES.some(has) ? 'Cód. Principal / Auxiliar' : 'Cód. Principal', kind: 'code' },
      { label: 'Cantidad', kind: 'number' },
      { label: 'Descripción', kind: 'text' },
      { label: 'Precio Unitario', kind: 'number' },
      ...(subsidized ? [{ label: 'Precio sin Subsidio', kind: 'number' } as const] : []),
      { label: 'Descuento', kind: 'number' },
      { label: 'Precio Total', kind: 'number' },
    ],
    rows: lines.map((line) => [
      cell(firstOf(line, FIRST_CODES) ?? '', [firstOf(line, SECOND_CODES)]),
      cell(quantity(textOf(line, 'cantidad')), [textOf(line, 'unidadMedida')]),
      cell(textOf(line, 'descripcion') ?? '', additionalDetails(line)),
      cell(quantity(textOf(line, 'precioUnitario'))),
      ...(subsidized ? [cell(quantity(textOf(line, 'precioSinSubsidio')))] : []),
      cell(money(textOf(line, 'descuento'))),
      cell(money(textOf(line, 'precioTotalSinImpuesto'))),
    ]),
  };
}

export function additionalDetails(line: DocumentElement): string[] {
  const details = childrenOf(child(line, 'detallesAdicionales'), 'detAdicional');
  return details.map(({ attributes: { nombre = '', valor = '' } }) => `${nombre}: ${valor}`);
}

/** How it is paid; nothing where it does not say. */
export function paymentsOf(info: DocumentElement | undefined): RideTable | undefined {
  const payments = childrenOf(child(info, 'pagos'), 'pago');
  if (payments.length === 0) return undefined;
  return {
    columns: [
      { label: 'Forma de Pago', kind: 'text' },
      { label: 'Plazo', kind: 'text' },
      { label: 'Valor', kind: 'number' },
    ],
    rows: payments.map((payment) => [
      cell(named(PAYMENT_METHODS, textOf(payment, 'formaPago'))),
      cell(termOf(payment)),
      cell(money(textOf(payment, 'total'))),
    ]),
  };
}

function termOf(payment: DocumentElement): string {
  const term = textOf(payment, 'plazo');
  if (term === undefined) return '';
  const unit = textOf(payment, 'unidadTiempo');
  const name = nameOf(TERM_UNITS, unit?.toLowerCase())?.toLowerCase();
  return [plain(term), name ?? unit].filter(Boolean).join(' ');
}
