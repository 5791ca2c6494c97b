import { line, maybe, one, type Part, some } from './structure.ts';
import {
  ACCOUNTING,
  additionalDetails,
  BRANCH,
  CODE,
  COUNTRY,
  DATE,
  HEADER,
  ID,
  ID_TYPE,
  LONG,
  MONEY,
  NUMBER,
  PAYMENTS,
  QUANTITY,
  RATE,
  REIMBURSED_SUMS,
  reimbursements,
  RISE,
  SPECIAL_TAXPAYER,
  tail,
  TAX,
  TAX_RATE,
} from './structure-parts.ts';

const INCOTERM = /^[A-Z]{1,10}$/;

const REIMBURSED: Part[] = [maybe('codDocReembolso', /^\d{2,3}$/), ...REIMBURSED_SUMS];

const headerTaxes = (tax: RegExp, refund: Part[]): Part =>
  one('totalConImpuestos', [
    some('totalImpuesto', [
      one('codigo', tax),
      one('codigoPorcentaje', TAX_RATE),
      maybe('descuentoAdicional', MONEY),
      one('baseImponible', MONEY),
      maybe('tarifa', RATE),
      one('valor', MONEY),
      ...refund,
    ]),
  ]);

const saleLines = (tax: RegExp): Part =>
  one('detalles', [
    some('detalle', [
      maybe('codigoPrincipal', CODE),
      maybe('codigoAuxiliar', CODE),
      one('descripcion', LONG),
      maybe('unidadMedida', line(50)),
      one('cantidad', QUANTITY),
      one('precioUnitario', QUANTITY),
      maybe('precioSinSubsidio', QUANTITY),
      one('descuento', MONEY),
      one('precioTotalSinImpuesto', MONEY),
      additionalDetails(),
      one('impuestos', [
        some('impuesto', [
          one('codigo', tax),
          one('codigoPorcentaje', TAX_RATE),
          one('tarifa', RATE),
          one('baseImponible', MONEY),
          one('valor', MONEY),
        ]),
      ]),
    ]),
  ]);

/** 2.1.0 after SRI's schema; 1.1.0 is the same without its last additions. Rare blocks are taken as they are. */
export const FACTURA: Part = one('factura', [
  HEADER,
  one('infoFactura', [
    one('fechaEmision', DATE),
    BRANCH,
    SPECIAL_TAXPAYER,
    ACCOUNTING,
    maybe('comercioExterior', /^EXPORTADOR$/),
    maybe('incoTermFactura', INCOTERM),
    maybe('lugarIncoTerm', LONG),
    maybe('paisOrigen', COUNTRY),
    maybe('puertoEmbarque', LONG),
    maybe('puertoDestino', LONG),
    maybe('paisDestino', COUNTRY),
    maybe('paisAdquisicion', COUNTRY),
    one('tipoIdentificacionComprador', ID_TYPE),
    maybe('guiaRemision', NUMBER),
    one('razonSocialComprador', LONG),
    one('identificacionComprador', ID),
    maybe('direccionComprador', LONG),
    one('totalSinImpuestos', MONEY),
    maybe('totalSubsidio', MONEY),
    maybe('incoTermTotalSinImpuestos', INCOTERM),
    one('totalDescuento', MONEY),
    ...REIMBURSED,
    headerTaxes(TAX, [maybe('valorDevolucionIva', MONEY)]),
    maybe('compensaciones'),
    maybe('propina', MONEY),
    maybe('fleteInternacional', MONEY),
    maybe('seguroInternacional', MONEY),
    maybe('gastosAduaneros', MONEY),
    maybe('gastosTransporteOtros', MONEY),
    one('importeTotal', MONEY),
    maybe('moneda', line(15)),
    maybe('placa', ID),
    PAYMENTS,
    maybe('valorRetIva', MONEY),
    maybe('valorRetRenta', MONEY),
  ]),
  saleLines(TAX),
  maybe('reembolsos'),
  maybe('retenciones'),
  maybe('infoSustitutivaGuiaRemision'),
  maybe('otrosRubrosTerceros'),
  maybe('tipoNegociable'),
  ...tail(),
]);

const IVA = /^2$/;

export const LIQUIDACION: Part = one('liquidacionCompra', [
  HEADER,
  one('infoLiquidacionCompra', [
    one('fechaEmision', DATE),
    BRANCH,
    SPECIAL_TAXPAYER,
    ACCOUNTING,
    one('tipoIdentificacionProveedor', ID_TYPE),
    one('razonSocialProveedor', LONG),
    one('identificacionProveedor', ID),
    maybe('direccionProveedor', LONG),
    one('totalSinImpuestos', MONEY),
    one('totalDescuento', MONEY),
    ...REIMBURSED,
    headerTaxes(IVA, []),
    one('importeTotal', MONEY),
    maybe('moneda', line(15)),
    PAYMENTS,
  ]),
  saleLines(IVA),
  reimbursements('numeroautorizacionDocReemb', /^\d{2,3}$/, one('tarifa', RATE)),
  maybe('tipoNegociable', [one('correo', line(100))]),
  ...tail(),
]);

/** What a note says of its buyer and of the document that it changes. */
const NOTE: Part[] = [
  one('fechaEmision', DATE),
  BRANCH,
  one('tipoIdentificacionComprador', ID_TYPE),
  one('razonSocialComprador', LONG),
  one('identificacionComprador', ID),
  SPECIAL_TAXPAYER,
  ACCOUNTING,
  RISE,
  one('codDocModificado', /^\d{2}$/),
  one('numDocModificado', NUMBER),
  one('fechaEmisionDocSustento', DATE),
  one('totalSinImpuestos', MONEY),
];

export const NOTA_CREDITO: Part = one('notaCredito', [
  HEADER,
  one('infoNotaCredito', [
    ...NOTE,
    maybe('compensaciones'),
    one('valorModificacion', MONEY),
    maybe('moneda', line(15)),
    one('totalConImpuestos', [
      some('totalImpuesto', [
        one('codigo', TAX),
        one('codigoPorcentaje', TAX_RATE),
        one('baseImponible', MONEY),
        one('valor', MONEY),
        maybe('valorDevolucionIva', MONEY),
      ]),
    ]),
    one('motivo', LONG),
  ]),
  one('detalles', [
    some('detalle', [
      maybe('codigoInterno', CODE),
      maybe('codigoAdicional', CODE),
      one('descripcion', LONG),
      one('cantidad', QUANTITY),
      one('precioUnitario', QUANTITY),
      maybe('descuento', MONEY),
      one('precioTotalSinImpuesto', MONEY),
      additionalDetails(),
      one('impuestos', [
        {
          ...some('impuesto', [
            one('codigo', TAX),
            one('codigoPorcentaje', TAX_RATE),
            maybe('tarifa', RATE),
            one('baseImponible', MONEY),
            one('valor', MONEY),
          ]),
          min: 0,
        },
      ]),
    ]),
  ]),
  ...tail(),
]);

export const NOTA_DEBITO: Part = one('notaDebito', [
  HEADER,
  one('infoNotaDebito', [
    ...NOTE,
    one('impuestos', [
      some('impuesto', [
        one('codigo', TAX),
        one('codigoPorcentaje', TAX_RATE),
        one('tarifa', RATE),
        one('baseImponible', MONEY),
        one('valor', MONEY),
        maybe('valorDevolucionIva', MONEY),
      ]),
    ]),
    maybe('compensaciones'),
    one('valorTotal', MONEY),
    { ...PAYMENTS, max: Number.POSITIVE_INFINITY },
  ]),
  one('motivos', [some('motivo', [one('razon', LONG), one('valor', MONEY)])]),
  ...tail(),
]);
