/*
 * What becomes of each field that SRI's schemas allow: set from what the caller or the issuer says, unless it is here.
 */

/** Never written, with all below it, and why; `*` is any root. */
export const LEFT_OUT: readonly (readonly [path: string, reason: string])[] = [
  ['/*/maquinaFiscal', 'describes tax printers, whose receipts are not electronic documents'],
  ['/factura/infoFactura/compensaciones', 'the solidarity discount of 2016 and 2017, which nothing has any more'],
  ['/notaCredito/infoNotaCredito/compensaciones', 'the solidarity discount of 2016 and 2017'],
  ['/notaDebito/infoNotaDebito/compensaciones', 'the solidarity discount of 2016 and 2017'],
  ['/factura/reembolsos/reembolsoDetalle/compensacionesReembolso', 'the solidarity discount of 2016 and 2017'],
  ['/factura/infoFactura/totalConImpuestos/totalImpuesto/descuentoAdicional', 'discounts are those of the lines'],
  [
    '/liquidacionCompra/infoLiquidacionCompra/totalConImpuestos/totalImpuesto/descuentoAdicional',
    'discounts are those of the lines',
  ],
  [
    '/factura/infoFactura/totalConImpuestos/totalImpuesto/valorDevolucionIva',
    'the refund of IVA to elderly buyers wants a service of SRI of its own',
  ],
  ['/notaCredito/infoNotaCredito/totalConImpuestos/totalImpuesto/valorDevolucionIva', 'as in the factura'],
  ['/notaDebito/infoNotaDebito/impuestos/impuesto/valorDevolucionIva', 'as in the factura'],
  ['/notaCredito/infoNotaCredito/rise', 'the regime RISE ended in 2021'],
  ['/notaDebito/infoNotaDebito/rise', 'the regime RISE ended in 2021'],
  ['/guiaRemision/infoGuiaRemision/rise', 'the regime RISE ended in 2021'],
  ['/liquidacionCompra/tipoNegociable', 'a liquidación is not negotiable: its buyer issues it'],
];

/** Computed by the server, by the name of the root element. */
export const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  factura: [
    '/infoTributaria/claveAcceso',
    '/infoTributaria/secuencial',
    '/infoFactura/totalSinImpuestos',
    '/infoFactura/totalSubsidio',
    '/infoFactura/totalDescuento',
    '/infoFactura/totalComprobantesReembolso',
    '/infoFactura/totalBaseImponibleReembolso',
    '/infoFactura/totalImpuestoReembolso',
    '/infoFactura/totalConImpuestos/totalImpuesto/baseImponible',
    '/infoFactura/totalConImpuestos/totalImpuesto/valor',
    '/infoFactura/importeTotal',
    '/infoFactura/valorRetIva',
    '/infoFactura/valorRetRenta',
    '/detalles/detalle/precioTotalSinImpuesto',
    '/detalles/detalle/impuestos/impuesto/baseImponible',
    '/detalles/detalle/impuestos/impuesto/valor',
  ],
  liquidacionCompra: [
    '/infoTributaria/claveAcceso',
    '/infoTributaria/secuencial',
    '/infoLiquidacionCompra/totalSinImpuestos',
    '/infoLiquidacionCompra/totalDescuento',
    '/infoLiquidacionCompra/totalComprobantesReembolso',
    '/infoLiquidacionCompra/totalConImpuestos/totalImpuesto/baseImponible',
    '/infoLiquidacionCompra/totalConImpuestos/totalImpuesto/valor',
    '/infoLiquidacionCompra/importeTotal',
    '/detalles/detalle/precioTotalSinImpuesto',
  ],
  notaCredito: [
    '/infoTributaria/claveAcceso',
    '/infoTributaria/secuencial',
    '/infoNotaCredito/totalSinImpuestos',
    '/infoNotaCredito/valorModificacion',
    '/infoNotaCredito/totalConImpuestos/totalImpuesto/baseImponible',
    '/infoNotaCredito/totalConImpuestos/totalImpuesto/valor',
    '/detalles/detalle/precioTotalSinImpuesto',
  ],
  notaDebito: [
    '/infoTributaria/claveAcceso',
    '/infoTributaria/secuencial',
    '/infoNotaDebito/totalSinImpuestos',
    '/infoNotaDebito/impuestos/impuesto/valor',
    '/infoNotaDebito/valorTotal',
  ],
  guiaRemision: ['/infoTributaria/claveAcceso', '/infoTributaria/secuencial'],
  comprobanteRetencion: [
    '/infoTributaria/claveAcceso',
    '/infoTributaria/secuencial',
    '/docsSustento/docSustento/importeTotal',
    '/docsSustento/docSustento/totalComprobantesReembolso',
    '/docsSustento/docSustento/retenciones/retencion/valorRetenido',
  ],
};
