import type { CatalogueRow } from './catalogue.ts';

/** Resolution NAC-DGERCGC26-00000009 is in force from this day. */
const RESOLUTION_OF_2026 = '2026-03-01';
const DAY_BEFORE = '2026-02-28';
/** What the resolution of 2026 replaced is told for dates from here on; SRI takes no document as old as that. */
const EARLIER = '2024-03-01';

type Line = readonly [code: string, rates: string, name: string];

/**
 * Payments to residents. Source: SRI's catalogue of the transactional annex (ATS), table 3.10, of 6 August 2026, with the
 * rates of resolution NAC-DGERCGC26-00000009; 310 and 332E also of NAC-DGERCGC26-00000028. No rate: the law leaves more
 * than one, or the taxpayer's own.
 */
const RESIDENTS: readonly Line[] = [
  ['303', '10', 'Honorarios profesionales'],
  ['303A', '5', 'Servicios profesionales de sociedades residentes'],
  ['304', '10', 'Servicios en que predomina el intelecto, sin título profesional'],
  ['304A', '10', 'Comisiones y otros pagos en que predomina el intelecto'],
  ['304B', '10', 'Notarios y registradores'],
  ['304C', '10', 'Deportistas, entrenadores y árbitros'],
  ['304D', '10', 'Artistas'],
  ['304E', '10', 'Docencia'],
  ['307', '3', 'Servicios en que predomina la mano de obra'],
  ['308', '10', 'Uso de imagen o renombre'],
  ['309', '3', 'Medios de comunicación y agencias de publicidad'],
  ['310', '1', 'Transporte privado de pasajeros, público o privado de carga'],
  ['311', '3', 'Pagos con liquidación de compra'],
  ['312', '2', 'Transferencia de bienes muebles'],
  ['312A', '1', 'Bienes agropecuarios, bioacuáticos y forestales, al productor'],
  ['312C', '1.75', 'Bienes agropecuarios, bioacuáticos y forestales, al comercializador'],
  ['314A', '10', 'Regalías de franquicias, a personas naturales'],
  ['314B', '10', 'Derechos de autor, marcas y patentes, a personas naturales'],
  ['314C', '10', 'Regalías de franquicias, a sociedades'],
  ['314D', '10', 'Derechos de autor, marcas y patentes, a sociedades'],
  ['319', '2', 'Arrendamiento mercantil'],
  ['320', '10', 'Arrendamiento de inmuebles'],
  ['322', '2', 'Seguros y reaseguros'],
  ['323', '3', 'Rendimientos financieros, salvo a instituciones financieras'],
  ['323A', '3', 'Rendimientos de cuenta corriente'],
  ['323B1', '3', 'Rendimientos de cuenta de ahorros de sociedades'],
  ['323E', '3', 'Depósitos a plazo fijo, gravados'],
  ['323E2', '0', 'Depósitos a plazo fijo, exentos'],
  ['323F', '3', 'Operaciones de reporto'],
  ['323G', '3', 'Inversiones y captaciones'],
  ['323H', '3', 'Obligaciones'],
  ['323I', '3', 'Bonos convertibles en acciones'],
  ['323M', '3', 'Títulos de renta fija, gravados'],
  ['323N', '0', 'Títulos de renta fija, exentos'],
  ['323O', '0', 'Intereses a entidades financieras controladas'],
  ['323P', '3', 'Intereses que paga el sector público'],
  ['323Q', '3', 'Otros rendimientos financieros, gravados'],
  ['323R', '0', 'Otros rendimientos financieros, exentos'],
  ['323S', '3', 'Pagos del Banco Central y depósitos de valores por cuenta de terceros'],
  ['323T', '0', 'Rendimientos de deuda pública ecuatoriana'],
  ['323U', '0', 'Títulos de proyectos público-privados, a 360 días o más'],
  ['324A', '2', 'Intereses de créditos entre entidades financieras'],
  ['324B', '2', 'Inversiones entre entidades financieras'],
  ['324C', '2', 'Pagos del Banco Central y depósitos de valores a entidades financieras'],
  ['325', '25', 'Anticipo de dividendos'],
  ['325A', '25', 'Préstamos a accionistas y partícipes'],
  ['3250', '0', 'Dividendos exentos'],
  ['326', '12 14', 'Dividendos del impuesto a la renta único'],
  ['327', '12 14', 'Dividendos a personas naturales residentes'],
  ['328', '0', 'Dividendos a sociedades residentes'],
  ['329', '0', 'Dividendos a fideicomisos residentes'],
  ['331', '0', 'Dividendos en acciones'],
  ['332', '0', 'Compras no sujetas a retención, también a negocios populares'],
  ['332B', '0', 'Compra de inmuebles'],
  ['332C', '0', 'Transporte público de pasajeros'],
  ['332D', '0', 'Transporte internacional por aire o mar'],
  ['332E', '0 1', 'Valores de cooperativas de transporte a sus socios'],
  ['332F', '0', 'Compraventa de divisas'],
  ['332G', '0', 'Pagos con tarjeta de crédito'],
  ['332H', '0', 'Pago al exterior que reporta la emisora de la tarjeta'],
  ['332I', '0', 'Pago por convenio de débito'],
  ['333', '10', 'Enajenación de derechos de capital cotizados en bolsa'],
  ['334', '2', 'Enajenación de derechos de capital no cotizados'],
  ['335', '15', 'Loterías, rifas y apuestas'],
  ['336', '0.2', 'Venta de combustibles a comercializadoras'],
  ['337', '0.3', 'Venta de combustibles a distribuidores'],
  ['338', '', 'Producción y venta local de banano'],
  ['340', '3', 'Exportación de banano'],
  ['343', '1', 'Otras retenciones del 1 %, también a emprendedores RIMPE'],
  ['343A', '2', 'Energía eléctrica'],
  ['343B', '2', 'Construcción, urbanización y lotización'],
  ['343C', '2', 'Recepción de botellas de PET'],
  ['3440', '3', 'Otras retenciones del 3 %'],
  ['344A', '2', 'Pago local con tarjeta que reporta la emisora'],
  ['344B', '2', 'Adquisición de sustancias minerales'],
  ['346', '', 'Otras retenciones de otros porcentajes'],
  ['346A', '', 'Otras ganancias de capital'],
  ['346B', '', 'Donaciones en dinero'],
  ['346C', '', 'Autorretención por minerales y otros bienes'],
  ['346D', '0 10', 'Autorretención por productos forestales'],
  ['3480', '15', 'Operadores de pronósticos deportivos'],
  ['3481', '', 'Autorretención de grandes contribuyentes'],
  ['3482', '5', 'Comisiones a sociedades'],
  ['350', '1.5 1.75', 'Otras autorretenciones'],
];

/** Payments to non-residents; the same source. Treaties against double taxation lower many of them, so no rate is told. */
const NON_RESIDENTS: readonly Line[] = [
  ['500', '25 37', 'Rentas inmobiliarias'],
  ['501', '25 37', 'Servicios empresariales'],
  ['501A', '', 'Servicios técnicos, administrativos, de consultoría y regalías'],
  ['503', '0 25 37', 'Navegación marítima y aérea'],
  ['504', '', 'Dividendos a personas naturales, o sin beneficiario residente'],
  ['504A', '', 'Dividendos a sociedades con beneficiario residente'],
  ['504B', '', 'Dividendos sin informar la composición societaria'],
  ['504C', '', 'Dividendos a paraísos fiscales con beneficiario residente'],
  ['504D', '', 'Dividendos a fideicomisos en paraísos fiscales'],
  ['504E', '25', 'Anticipo de dividendos'],
  ['504F', '25', 'Anticipo de dividendos, a paraísos fiscales'],
  ['504G', '25', 'Préstamos a accionistas'],
  ['504H', '25', 'Préstamos a accionistas, a paraísos fiscales'],
  ['504I', '25', 'Préstamos a partes relacionadas'],
  ['504J', '25', 'Préstamos a partes relacionadas, a paraísos fiscales'],
  ['505', '', 'Rendimientos financieros'],
  ['505A', '', 'Intereses de instituciones financieras del exterior'],
  ['505B', '', 'Intereses de gobierno a gobierno'],
  ['505C', '', 'Intereses de organismos multilaterales'],
  ['505D', '', 'Intereses de proveedores externos'],
  ['505E', '', 'Intereses de otros créditos externos'],
  ['505F', '', 'Otros intereses y rendimientos'],
  ['509', '', 'Derechos de autor, marcas y patentes'],
  ['509A', '', 'Regalías de franquicias'],
  ['510', '0 25 37', 'Otras ganancias de capital'],
  ['511', '0 25 37', 'Servicios profesionales independientes'],
  ['512', '0 25 37', 'Servicios profesionales dependientes'],
  ['513A', '0 25 37', 'Deportistas'],
  ['514', '25 37', 'Participación de consejeros'],
  ['515', '15 25 37', 'Artistas y espectáculos'],
  ['516', '0 25 37', 'Pensiones'],
  ['517', '', 'Reembolso de gastos'],
  ['518', '0 25 37', 'Funciones públicas'],
  ['519', '25 37', 'Estudiantes'],
  ['520A', '25 37', 'Servicios hoteleros y turísticos en el exterior'],
  ['520B', '0 25 37', 'Arrendamiento mercantil internacional'],
  ['520D', '0 25 37', 'Comisiones por exportación y turismo receptivo'],
  ['520E', '0', 'Empresas de transporte y pesqueras de alta mar'],
  ['520F', '0 25 37', 'Agencias internacionales de prensa'],
  ['520G', '0 25 37', 'Fletamento de naves'],
  ['521', '0 10', 'Enajenación de derechos de capital'],
  ['523A', '0 25 37', 'Seguros y reaseguros'],
  ['525', '', 'Donaciones en dinero'],
];

/** Rates that the resolution of 2026 replaced, as far as the annex's column before it tells them. */
const BEFORE: readonly Line[] = [
  ['303', '10', 'Honorarios profesionales'],
  ['307', '2', 'Servicios en que predomina la mano de obra'],
  ['308', '10', 'Uso de imagen o renombre'],
  ['309', '2.75', 'Medios de comunicación y agencias de publicidad'],
  ['310', '1', 'Transporte privado de pasajeros, público o privado de carga'],
  ['312', '1.75', 'Transferencia de bienes muebles'],
  ['332', '0', 'Compras no sujetas a retención, también a negocios populares'],
  ['343', '1', 'Otras retenciones del 1 %, también a emprendedores RIMPE'],
  ['343B', '1.75', 'Construcción, urbanización y lotización'],
  ['3440', '2.75', 'Otras retenciones del 2,75 %'],
];

/** A code of retained income tax. */
export interface IncomeTaxCode extends CatalogueRow {
  /** Percentages that it may have; none where the catalogue does not fix them. */
  rates: readonly string[];
}

export const INCOME_TAX_CODES: readonly IncomeTaxCode[] = [
  ...RESIDENTS.map((line) => ({ ...rowOf(line), since: RESOLUTION_OF_2026 })),
  ...NON_RESIDENTS.map(([code, rates, name]) => ({
    ...rowOf([code, rates, `No residentes: ${name.charAt(0).toLowerCase()}${name.slice(1)}`]),
    since: RESOLUTION_OF_2026,
  })),
  ...BEFORE.map((line) => ({ ...rowOf(line), since: EARLIER, until: DAY_BEFORE })),
];

function rowOf([code, rates, name]: Line): IncomeTaxCode {
  return { code, name, rates: rates === '' ? [] : rates.split(' ') };
}
