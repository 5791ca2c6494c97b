import { PAYMENT_METHODS, SUPPORT_DOCUMENTS } from '../../model/catalogues.ts';
import { COUNTRIES } from '../../model/countries.ts';
import { sum } from '../../model/money.ts';
import { RETENTION_TAXES } from '../../model/retention-codes.ts';
import { child, childrenOf, type DocumentElement } from './document-tree.ts';
import { reimbursementsOf } from './factura-extras.ts';
import { cell, facts, money, named, nameOf, plain, textOf } from './fields.ts';
import { idLabel } from './sale-view.ts';
import type { RideSection, TypeView } from './view.ts';

/** A comprobante de retención of format 2.0.0 (ficha técnica 2.34, anexo 2): each document that is paid, and what is withheld. */
export function retencionView(root: DocumentElement): TypeView {
  const info = child(root, 'infoCompRetencion');
  const supports = childrenOf(child(root, 'docsSustento'), 'docSustento');
  const retained = supports.flatMap((support) =>
    retentionsOf(support).map((entry) => textOf(entry, 'valorRetenido') ?? 0),
  );
  return {
    title: 'COMPROBANTE DE RETENCIÓN',
    info,
    sections: [
      {
        facts: facts([
          ['Razón Social / Nombres y Apellidos', textOf(info, 'razonSocialSujetoRetenido'), 'wide'],
          [idLabel(textOf(info, 'tipoIdentificacionSujetoRetenido')), textOf(info, 'identificacionSujetoRetenido')],
          ['Fecha Emisión', textOf(info, 'fechaEmision')],
          ['Período Fiscal', textOf(info, 'periodoFiscal')],
          ['Parte Relacionada', textOf(info, 'parteRel')],
        ]),
      },
      ...supports.flatMap(supportOf),
    ],
    totals: [{ label: 'TOTAL RETENIDO', amount: sum(retained).toFixed(2), kind: 'total' }],
  };
}

const retentionsOf = (support: DocumentElement) => childrenOf(child(support, 'retenciones'), 'retencion');

function supportOf(support: DocumentElement): RideSection[] {
  const code = textOf(support, 'codDocSustento');
  const name = nameOf(SUPPORT_DOCUMENTS, code) ?? `Documento ${code ?? ''}`;
  const number = (textOf(support, 'numDocSustento') ?? '').replace(/^(\d{3})(\d{3})/, '$1-$2-');
  const taxes = childrenOf(child(support, 'impuestosDocSustento'), 'impuestoDocSustento');
  const reimbursed = reimbursementsOf(support, support);
  return [
    {
      heading: `${name} ${number}`,
      facts: facts([
        ['Fecha Emisión', textOf(support, 'fechaEmisionDocSustento')],
        ['Fecha Registro Contable', textOf(support, 'fechaRegistroContable')],
        ['Número de Autorización', textOf(support, 'numAutDocSustento'), 'wide'],
        ['Total sin Impuestos', money(textOf(support, 'totalSinImpuestos'))],
        ['Impuestos', sum(taxes.map((tax) => textOf(tax, 'valorImpuesto') ?? 0)).toFixed(2)],
        ['Importe Total', money(textOf(support, 'importeTotal'))],
        ['Pago', paymentsOf(support)],
        ['País del Pago', named(COUNTRIES, textOf(support, 'paisEfecPago'))],
      ]),
      table: {
        columns: [
          { label: 'Impuesto', kind: 'text' },
          { label: 'Código', kind: 'code' },
          { label: 'Base Imponible', kind: 'number' },
          { label: '% Retención', kind: 'number' },
          { label: 'Valor Retenido', kind: 'number' },
        ],
        rows: retentionsOf(support).map((entry) => [
          cell(nameOf(RETENTION_TAXES, textOf(entry, 'codigo')), notesOf(entry)),
          cell(textOf(entry, 'codigoRetencion')),
          cell(money(textOf(entry, 'baseImponible'))),
          cell(plain(textOf(entry, 'porcentajeRetener') ?? '0')),
          cell(money(textOf(entry, 'valorRetenido'))),
        ]),
      },
    },
    ...(reimbursed === undefined ? [] : [reimbursed]),
  ];
}

function notesOf(retention: DocumentElement): string[] {
  const dividend = child(retention, 'dividendos');
  const bananas = child(retention, 'compraCajBanano');
  return [
    ...(dividend === undefined
      ? []
      : [`Dividendo pagado el ${textOf(dividend, 'fechaPagoDiv')}, ejercicio ${textOf(dividend, 'ejerFisUtDiv')}`]),
    ...(bananas === undefined
      ? []
      : [`${textOf(bananas, 'numCajBan')} cajas de banano a ${money(textOf(bananas, 'precCajBan'))}`]),
  ];
}

function paymentsOf(support: DocumentElement): string {
  const payments = childrenOf(child(support, 'pagos'), 'pago');
  return payments
    .map((payment) => `${named(PAYMENT_METHODS, textOf(payment, 'formaPago'))}: ${money(textOf(payment, 'total'))}`)
    .join(', ');
}
