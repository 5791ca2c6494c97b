import { type CatalogueRow, codeProblem } from './catalogue.ts';
import type { LineTax } from './document.ts';
import { Decimal, isDecimal } from './money.ts';

/** Table 3: what is issued electronically. */
export const DOCUMENT_TYPES: readonly CatalogueRow[] = [
  { code: '01', name: 'Factura' },
  { code: '03', name: 'Liquidación de compra' },
  { code: '04', name: 'Nota de crédito' },
  { code: '05', name: 'Nota de débito' },
  { code: '06', name: 'Guía de remisión' },
  { code: '07', name: 'Comprobante de retención' },
];

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

export interface IceCode extends CatalogueRow {
  /** Of the price, of a quantity, or of both; absent where no source at hand tells. */
  rateKind?: 'PERCENTAGE' | 'SPECIFIC' | 'BOTH';
}

/**
 * Table 18, without SENAE's codes of imports; codes that are not here are taken too. Tariffs change with each resolution,
 * so a line states its own.
 */
export const ICE_CODES: readonly IceCode[] = [
  { code: '3011', name: 'Cigarrillos rubios', rateKind: 'SPECIFIC' },
  { code: '3021', name: 'Cigarrillos negros', rateKind: 'SPECIFIC' },
  { code: '3023', name: 'Tabaco y sucedáneos, salvo cigarrillos', rateKind: 'PERCENTAGE' },
  { code: '3031', name: 'Bebidas alcohólicas', rateKind: 'BOTH' },
  { code: '3041', name: 'Cerveza industrial' },
  { code: '3043', name: 'Cerveza artesanal' },
  { code: '3053', name: 'Bebidas gaseosas con alto contenido de azúcar', rateKind: 'SPECIFIC' },
  { code: '3054', name: 'Bebidas gaseosas con bajo contenido de azúcar', rateKind: 'PERCENTAGE' },
  { code: '3072', name: 'Camionetas, furgonetas y camiones, hasta USD 30 000', rateKind: 'PERCENTAGE' },
  { code: '3073', name: 'Vehículos motorizados, hasta USD 20 000', rateKind: 'PERCENTAGE' },
  { code: '3074', name: 'Vehículos motorizados, de USD 20 000 a 30 000', rateKind: 'PERCENTAGE' },
  { code: '3075', name: 'Vehículos motorizados, de USD 30 000 a 40 000', rateKind: 'PERCENTAGE' },
  { code: '3077', name: 'Vehículos motorizados, de USD 40 000 a 50 000', rateKind: 'PERCENTAGE' },
  { code: '3078', name: 'Vehículos motorizados, de USD 50 000 a 60 000', rateKind: 'PERCENTAGE' },
  { code: '3079', name: 'Vehículos motorizados, de USD 60 000 a 70 000', rateKind: 'PERCENTAGE' },
  { code: '3080', name: 'Vehículos motorizados, desde USD 70 000', rateKind: 'PERCENTAGE' },
  { code: '3081', name: 'Aviones, yates, motos acuáticas y cuadrones', rateKind: 'PERCENTAGE' },
  { code: '3092', name: 'Servicios de televisión pagada', rateKind: 'PERCENTAGE' },
  { code: '3093', name: 'Servicios de telefonía', rateKind: 'PERCENTAGE' },
  { code: '3101', name: 'Bebidas energizantes', rateKind: 'PERCENTAGE' },
  { code: '3111', name: 'Bebidas no alcohólicas', rateKind: 'SPECIFIC' },
  { code: '3171', name: 'Vehículos híbridos o eléctricos, hasta USD 35 000', rateKind: 'PERCENTAGE' },
  { code: '3172', name: 'Vehículos híbridos o eléctricos, de USD 35 000 a 40 000', rateKind: 'PERCENTAGE' },
  { code: '3173', name: 'Vehículos híbridos o eléctricos, de USD 40 000 a 50 000', rateKind: 'PERCENTAGE' },
  { code: '3174', name: 'Vehículos híbridos o eléctricos, de USD 50 000 a 60 000', rateKind: 'PERCENTAGE' },
  { code: '3175', name: 'Vehículos híbridos o eléctricos, de USD 60 000 a 70 000', rateKind: 'PERCENTAGE' },
  { code: '3176', name: 'Vehículos híbridos o eléctricos, desde USD 70 000', rateKind: 'PERCENTAGE' },
  { code: '3610', name: 'Perfumes y aguas de tocador', rateKind: 'PERCENTAGE' },
  { code: '3620', name: 'Videojuegos', rateKind: 'PERCENTAGE' },
  { code: '3630', name: 'Armas de fuego, armas deportivas y municiones', rateKind: 'PERCENTAGE' },
  { code: '3640', name: 'Focos incandescentes', rateKind: 'PERCENTAGE' },
  { code: '3650', name: 'Casinos y otros juegos de azar', rateKind: 'PERCENTAGE' },
  { code: '3660', name: 'Cuotas y membresías de clubes sociales', rateKind: 'PERCENTAGE' },
  { code: '3670', name: 'Cocinas y calefones a gas', rateKind: 'PERCENTAGE' },
  { code: '3680', name: 'Fundas plásticas', rateKind: 'SPECIFIC' },
  { code: '3681', name: 'Servicios de telefonía móvil a personas naturales', rateKind: 'PERCENTAGE' },
  { code: '3682', name: 'Tabaco calentado y líquidos con nicotina' },
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
  { code: '47', name: 'Nota de crédito por reembolso de un intermediario' },
  { code: '48', name: 'Nota de débito por reembolso de un intermediario' },
  { code: '49', name: 'Proveedor directo de exportador en régimen especial' },
  { code: '50', name: 'A instituciones públicas con ingresos exentos' },
  { code: '51', name: 'Nota de crédito a instituciones públicas con ingresos exentos' },
  { code: '52', name: 'Nota de débito a instituciones públicas con ingresos exentos' },
  { code: '294', name: 'Liquidación de compra de bienes muebles usados' },
  { code: '344', name: 'Liquidación de compra de vehículos usados' },
  { code: '364', name: 'Acta de entrega y recepción de PET' },
  { code: '370', name: 'Factura de operadora de transporte a socio' },
  { code: '371', name: 'Comprobante de socio a operadora de transporte' },
  { code: '372', name: 'Nota de crédito de operadora de transporte a socio' },
  { code: '373', name: 'Nota de débito de operadora de transporte a socio' },
  { code: '375', name: 'Liquidación de compra RISE' },
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
  { code: '11', name: 'Convenios de débito o recaudación', since: '2015-03-01' },
  { code: '12', name: 'Impuestos y retenciones presuntivos', since: '2015-03-01' },
  { code: '13', name: 'Valores reconocidos por el sector público', since: '2015-03-01' },
  { code: '14', name: 'Valores facturados por socios a operadoras de transporte', since: '2018-01-01' },
  { code: '15', name: 'Pagos por consumos propios y de terceros de servicios digitales', since: '2020-06-01' },
  { code: '00', name: 'Casos especiales que no permiten otro sustento', until: '2015-02-28' },
];

/** Anexos 23 (table 31, materials at 5 % IVA) and 25 (transport): what `auxiliaryCode` of a line has to be. */
export const AUXILIARY_CODES: readonly CatalogueRow[] = [
  { code: 'F010101', name: 'Varilla laminada corrugada AS42 de 8, 10 y 12 mm', since: '2024-03-01' },
  { code: 'F010201', name: 'Arcilla', since: '2024-03-01' },
  { code: 'F010202', name: 'Arena', since: '2024-03-01' },
  { code: 'F010203', name: 'Cal', since: '2024-03-01' },
  { code: 'F010204', name: 'Caliza', since: '2024-03-01' },
  { code: 'F010205', name: 'Pétreos', since: '2024-03-01' },
  { code: 'F010301', name: 'Hormigón premezclado', since: '2024-03-01' },
  { code: 'F010401', name: 'Cemento y sus derivados', since: '2024-03-01' },
  { code: 'F010402', name: 'Residuo de cemento', since: '2024-03-01' },
  { code: 'F010501', name: 'Chatarra ferrosa', since: '2024-03-01' },
  { code: 'F010601', name: 'Mortero', since: '2024-03-01' },
  { code: 'F010701', name: 'Clínker', since: '2024-03-01' },
  { code: 'F010702', name: 'Puzolana', since: '2024-03-01' },
  { code: 'F010703', name: 'Yeso', since: '2024-03-01' },
  { code: 'F010801', name: 'Adoquín', since: '2024-03-01' },
  { code: 'F010802', name: 'Bloques', since: '2024-03-01' },
  { code: 'F010803', name: 'Ladrillos', since: '2024-03-01' },
  { code: 'F010804', name: 'Prefabricados de hormigón', since: '2024-03-01' },
  { code: 'H492001', name: 'Transporte: la operadora a su cliente', since: '2025-11-01' },
  { code: 'H492002', name: 'Transporte: el socio a la operadora', since: '2025-11-01' },
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
