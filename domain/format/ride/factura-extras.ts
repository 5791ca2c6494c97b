import { COUNTRIES } from '../../model/countries.ts';
import { sum } from '../../model/money.ts';
import { child, childrenOf, type DocumentElement } from './document-tree.ts';
import { cell, facts, money, named, plain, textOf } from './fields.ts';
import { idLabel } from './sale-view.ts';
import type { RideSection } from './view.ts';

/** What only some facturas have (XSD 2.1.0): exports, reimbursements, presumptive retentions, transport, third parties' items. */
export function facturaExtras(root: DocumentElement, info: DocumentElement | undefined): RideSection[] {
  const sections = [
    exportOf(info),
    reimbursementsOf(root, info),
    retentionsOf(childrenOf(child(root, 'retenciones'), 'retencion')),
    transportOf(child(root, 'infoSustitutivaGuiaRemision')),
    thirdPartyItemsOf(childrenOf(child(root, 'otrosRubrosTerceros'), 'rubro')),
    othersOf(root),
  ];
  return sections.filter((section) => section !== undefined);
}

function exportOf(info: DocumentElement | undefined): RideSection | undefined {
  const rows = facts([
    ['Comercio Exterior', textOf(info, 'comercioExterior')],
    ['Incoterm', textOf(info, 'incoTermFactura')],
    ['Lugar Incoterm', textOf(info, 'lugarIncoTerm')],
    ['Incoterm Total sin Impuestos', textOf(info, 'incoTermTotalSinImpuestos')],
    ['País Origen', named(COUNTRIES, textOf(info, 'paisOrigen'))],
    ['Puerto Embarque', textOf(info, 'puertoEmbarque')],
    ['País Destino', named(COUNTRIES, textOf(info, 'paisDestino'))],
    ['Puerto Destino', textOf(info, 'puertoDestino')],
    ['País Adquisición', named(COUNTRIES, textOf(info, 'paisAdquisicion'))],
  ]);
  return rows.length === 0 ? undefined : { heading: 'Comercio Exterior', facts: rows };
}

/** Supplier documents that are reimbursed; `info` holds their sums. */
export function reimbursementsOf(root: DocumentElement, info: DocumentElement | undefined): RideSection | undefined {
  const details = childrenOf(child(root, 'reembolsos'), 'reembolsoDetalle');
  if (details.length === 0) return undefined;
  const amount = (name: string) => textOf(info, name) && money(textOf(info, name));
  return {
    heading: 'Reembolsos',
    facts: facts([
      ['Total Comprobantes de Reembolso', amount('totalComprobantesReembolso')],
      ['Total Base Imponible Reembolso', amount('totalBaseImponibleReembolso')],
      ['Total Impuesto Reembolso', amount('totalImpuestoReembolso')],
    ]),
    table: {
      columns: [
        { label: 'Proveedor', kind: 'number' },
        { label: 'Comprobante', kind: 'number' },
        { label: 'Fecha Emisión', kind: 'number' },
        { label: 'Número de Autorización', kind: 'text' },
        { label: 'Base Imponible', kind: 'number' },
        { label: 'Impuesto', kind: 'number' },
      ],
      rows: details.map((detail) => {
        const taxes = childrenOf(child(detail, 'detalleImpuestos'), 'detalleImpuesto');
        const total = (name: string) => sum(taxes.map((tax) => textOf(tax, name) ?? 0)).toFixed(2);
        const number = ['estabDocReembolso', 'ptoEmiDocReembolso', 'secuencialDocReembolso'];
        return [
          cell(textOf(detail, 'identificacionProveedorReembolso')),
          cell(number.map((name) => textOf(detail, name) ?? '').join('-')),
          cell(textOf(detail, 'fechaEmisionDocReembolso')),
          cell(textOf(detail, 'numeroautorizacionDocReemb') ?? textOf(detail, 'numeroAutorizacionDocReemb')),
          cell(total('baseImponibleReembolso')),
          cell(total('impuestoReembolso')),
        ];
      }),
    },
  };
}

/** Presumptive retentions of fuel and press. */
function retentionsOf(retentions: readonly DocumentElement[]): RideSection | undefined {
  if (retentions.length === 0) return undefined;
  return {
    heading: 'Retenciones',
    table: {
      columns: [
        { label: 'Código', kind: 'text' },
        { label: 'Código Porcentaje', kind: 'number' },
        { label: 'Tarifa', kind: 'number' },
        { label: 'Valor', kind: 'number' },
      ],
      rows: retentions.map((retention) => [
        cell(textOf(retention, 'codigo')),
        cell(textOf(retention, 'codigoPorcentaje')),
        cell(plain(textOf(retention, 'tarifa') ?? '0')),
        cell(money(textOf(retention, 'valor'))),
      ]),
    },
  };
}

function transportOf(transport: DocumentElement | undefined): RideSection | undefined {
  if (transport === undefined) return undefined;
  const destinations = childrenOf(child(transport, 'destinos'), 'destino');
  return {
    heading: 'Información Sustitutiva de Guía de Remisión',
    facts: facts([
      ['Transportista', textOf(transport, 'razonSocialTransportista'), 'wide'],
      [idLabel(textOf(transport, 'tipoIdentificacionTransportista')), textOf(transport, 'rucTransportista')],
      ['Placa', textOf(transport, 'placa')],
      ['Fecha Inicio Transporte', textOf(transport, 'fechaIniTransporte')],
      ['Fecha Fin Transporte', textOf(transport, 'fechaFinTransporte')],
      ['Dirección Partida', textOf(transport, 'dirPartida'), 'wide'],
      ['Dirección Destinatario', textOf(transport, 'dirDestinatario'), 'wide'],
    ]),
    table: {
      columns: [
        { label: 'Motivo Traslado', kind: 'text' },
        { label: 'Documento Aduanero', kind: 'code' },
        { label: 'Establecimiento Destino', kind: 'number' },
        { label: 'Ruta', kind: 'text' },
      ],
      rows: destinations.map((destination) =>
        ['motivoTraslado', 'docAduaneroUnico', 'codEstabDestino', 'ruta'].map((name) =>
          cell(textOf(destination, name)),
        ),
      ),
    },
  };
}

/** Collected for others: outside of the factura's own total. */
function thirdPartyItemsOf(items: readonly DocumentElement[]): RideSection | undefined {
  if (items.length === 0) return undefined;
  const total = sum(items.map((item) => textOf(item, 'total') ?? 0)).toFixed(2);
  return {
    heading: 'Otros Rubros de Terceros',
    table: {
      columns: [
        { label: 'Concepto', kind: 'text' },
        { label: 'Valor', kind: 'number' },
      ],
      rows: [
        ...items.map((item) => [cell(textOf(item, 'concepto')), cell(money(textOf(item, 'total')))]),
        [cell('Total Rubros de Terceros'), cell(total)],
      ],
    },
  };
}

function othersOf(root: DocumentElement): RideSection | undefined {
  const machine = child(root, 'maquinaFiscal');
  const rows = facts([
    ['Factura Comercial Negociable', textOf(child(root, 'tipoNegociable'), 'correo')],
    ['Máquina Fiscal: Marca', textOf(machine, 'marca')],
    ['Modelo', textOf(machine, 'modelo')],
    ['Serie', textOf(machine, 'serie')],
  ]);
  return rows.length === 0 ? undefined : { facts: rows };
}
