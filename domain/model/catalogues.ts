import { type CatalogueRow, codeProblem } from './catalogue.ts';
import type { LineTax } from './document.ts';
import { Decimal, isDecimal } from './money.ts';

/** Table 6. */
export const ID_TYPES: readonly CatalogueRow[] = [
  { code: '04', name: 'RUC' },
  { code: '05', name: 'Cédula' },
  { code: '06', name: 'Pasaporte' },
  { code: '07', name: 'Consumidor final' },
  { code: '08', name: 'Identificación del exterior' },
];

/** Table 24. */
export const PAYMENT_METHODS: readonly CatalogueRow[] = [
  { code: '01', name: 'Sin utilización del sistema financiero', since: '2013-01-01' },
  { code: '15', name: 'Compensación de deudas', since: '2013-01-01' },
  { code: '16', name: 'Tarjeta de débito', since: '2016-06-01' },
  { code: '17', name: 'Dinero electrónico', since: '2016-06-01' },
  { code: '18', name: 'Tarjeta prepago', since: '2016-06-01' },
  { code: '19', name: 'Tarjeta de crédito', since: '2016-06-01' },
  { code: '20', name: 'Otros con utilización del sistema financiero', since: '2016-06-01' },
  { code: '21', name: 'Endoso de títulos', since: '2016-06-01' },
];

export const TERM_UNITS: readonly CatalogueRow[] = [
  { code: 'dias', name: 'Días' },
  { code: 'meses', name: 'Meses' },
];

/** Table 16. */
export const TAX_TYPES: readonly CatalogueRow[] = [
  { code: '2', name: 'IVA' },
  { code: '3', name: 'ICE' },
  { code: '5', name: 'IRBPNR' },
];

/** Table 17: the code fixes the rate. */
export const IVA_RATES: readonly (CatalogueRow & { rate: string })[] = [
  { code: '0', name: 'IVA 0 %', rate: '0' },
  { code: '2', name: 'IVA 12 %', rate: '12', until: '2024-03-31' },
  { code: '3', name: 'IVA 14 %', rate: '14', since: '2016-06-01', until: '2017-05-31' },
  { code: '4', name: 'IVA 15 %', rate: '15', since: '2024-04-01' },
  { code: '5', name: 'IVA 5 %', rate: '5', since: '2024-03-01' },
  { code: '6', name: 'No objeto de IVA', rate: '0' },
  { code: '7', name: 'Exento de IVA', rate: '0' },
  { code: '8', name: 'IVA diferenciado', rate: '8', since: '2020-12-31' },
  { code: '10', name: 'IVA 13 %', rate: '13', since: '2024-04-01' },
];

/**
 * Table 18, as far as its codes are told here; others are taken too. Tariffs change with each resolution, so a line
 * states its own.
 */
export const ICE_CODES: readonly CatalogueRow[] = [
  { code: '3011', name: 'Cigarrillos rubios' },
  { code: '3021', name: 'Cigarrillos negros' },
  { code: '3031', name: 'Bebidas alcohólicas' },
  { code: '3041', name: 'Cerveza industrial' },
  { code: '3043', name: 'Cerveza artesanal' },
  { code: '3053', name: 'Bebidas gaseosas con alto contenido de azúcar' },
  { code: '3092', name: 'Servicios de televisión pagada' },
  { code: '3093', name: 'Servicios de telefonía' },
  { code: '3610', name: 'Perfumes y aguas de tocador' },
  { code: '3680', name: 'Fundas plásticas' },
  { code: '3681', name: 'Servicios de telefonía móvil' },
];

/** USD 0.02 a bottle; the base is the number of bottles. */
export const IRBPNR_CODES: readonly (CatalogueRow & { rate: string })[] = [
  { code: '5001', name: 'Botellas plásticas no retornables', rate: '0.02' },
];

/** Table 26: who was paid in a reimbursement. */
export const PROVIDER_TYPES: readonly CatalogueRow[] = [
  { code: '01', name: 'Persona natural' },
  { code: '02', name: 'Sociedad' },
];

/** Table 4 of the transactional annex (ATS), which the ficha técnica refers to: documents that support others. */
export const SUPPORT_DOCUMENTS: readonly CatalogueRow[] = [
  { code: '01', name: 'Factura' },
  { code: '02', name: 'Nota de venta' },
  { code: '03', name: 'Liquidación de compra de bienes y prestación de servicios' },
  { code: '04', name: 'Nota de crédito' },
  { code: '05', name: 'Nota de débito' },
  { code: '06', name: 'Guía de remisión' },
  { code: '07', name: 'Comprobante de retención' },
  { code: '08', name: 'Entradas a espectáculos públicos' },
  { code: '09', name: 'Tiquetes de máquinas registradoras' },
  { code: '11', name: 'Pasajes de empresas de aviación' },
  { code: '12', name: 'Documentos de instituciones financieras' },
  { code: '15', name: 'Comprobante de venta emitido en el exterior' },
  { code: '16', name: 'Declaración aduanera de exportación' },
  { code: '18', name: 'Documentos autorizados en ventas, salvo notas de crédito y débito' },
  { code: '19', name: 'Comprobantes de pago de cuotas o aportes' },
  { code: '20', name: 'Documentos de servicios administrativos del Estado' },
  { code: '21', name: 'Carta de porte aéreo' },
  { code: '22', name: 'RECAP' },
  { code: '23', name: 'Nota de crédito de tarjeta' },
  { code: '24', name: 'Nota de débito de tarjeta' },
  { code: '41', name: 'Comprobante de venta por reembolso' },
  { code: '42', name: 'Retención presuntiva o emitida por el propio vendedor' },
  { code: '43', name: 'Liquidación de explotación de hidrocarburos' },
  { code: '44', name: 'Comprobante de contribuciones y aportes' },
  { code: '45', name: 'Liquidación por reclamos de aseguradoras' },
];

/** Table 5 of the transactional annex (ATS): what a purchase is for. */
export const SUPPORT_TYPES: readonly CatalogueRow[] = [
  { code: '01', name: 'Crédito tributario de IVA' },
  { code: '02', name: 'Costo o gasto para impuesto a la renta' },
  { code: '03', name: 'Activo fijo, crédito tributario de IVA' },
  { code: '04', name: 'Activo fijo, costo o gasto' },
  { code: '05', name: 'Gastos de viaje, hospedaje y alimentación' },
  { code: '06', name: 'Inventario, crédito tributario de IVA' },
  { code: '07', name: 'Inventario, costo o gasto' },
  { code: '08', name: 'Valor pagado para solicitar un reembolso' },
  { code: '09', name: 'Reembolso por siniestros' },
  { code: '10', name: 'Distribución de dividendos y utilidades' },
  { code: '11', name: 'Convenios de débito o recaudación' },
  { code: '12', name: 'Impuestos y retenciones presuntivos' },
  { code: '13', name: 'Valores reconocidos por el sector público' },
  { code: '14', name: 'Valores facturados por socios a operadoras de transporte' },
  { code: '15', name: 'Pagos por consumos propios y de terceros de servicios digitales' },
  { code: '00', name: 'Casos especiales que no permiten otro sustento' },
];

/** Whether it fits SRI's `tarifa`: four significant digits, two of them decimals; 0.18, 15, 100 and 150 do. */
export function isRate(text: string): boolean {
  return isDecimal(text, 4, 2) && new Decimal(text).precision(true) <= 4;
}

/** What is wrong with a line's tax on that date: the field and a sentence. */
export function rateProblem(
  tax: LineTax,
  taxDate: string,
): { field: 'rateCode' | 'rate'; message: string } | undefined {
  if (tax.code !== '2') {
    // ICE and IRBPNR tariffs change with each resolution; their codes have up to four digits and carry the caller's rate.
    return /^\d{1,4}$/.test(tax.rateCode) ? undefined : { field: 'rateCode', message: 'must have 1 to 4 digits' };
  }
  const wrongCode = codeProblem(IVA_RATES, tax.rateCode, taxDate);
  if (wrongCode !== undefined) return { field: 'rateCode', message: wrongCode };
  const { rate } = IVA_RATES.find((row) => row.code === tax.rateCode)!;
  if (new Decimal(tax.rate).equals(rate)) return undefined;
  return { field: 'rate', message: `must be ${rate} for rate code ${tax.rateCode}` };
}
