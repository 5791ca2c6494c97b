import { decimal, line, maybe, one, type Part, some } from './structure.ts';

export const LONG = line(300);
export const CODE = line(25);
export const MONEY = decimal(14, 2);
export const QUANTITY = decimal(18, 6);
export const RATE = decimal(4, 2);
export const TAX = /^[235]$/;
export const TAX_RATE = /^\d{1,4}$/;
/** `minLength` and `maxLength` without a pattern: here line feeds are allowed. */
const FREE = /^[\s\S]{1,300}$/u;
export const DATE = /^(0[1-9]|[12]\d|3[01])\/(0[1-9]|1[012])\/20\d\d$/;

export const HEADER: Part = one('infoTributaria', [
  one('ambiente', /^[12]$/),
  one('tipoEmision', /^[12]$/),
  one('razonSocial', LONG),
  maybe('nombreComercial', LONG),
  one('ruc', /^\d{10}001$/),
  one('claveAcceso', /^\d{49}$/),
  one('codDoc', /^\d{2}$/),
  one('estab', /^\d{3}$/),
  one('ptoEmi', /^\d{3}$/),
  one('secuencial', /^\d{9}$/),
  one('dirMatriz', LONG),
  maybe('agenteRetencion', /^\d{1,8}$/),
  maybe('contribuyenteRimpe', /^CONTRIBUYENTE (NEGOCIO POPULAR - )?RÉGIMEN RIMPE$/),
]);

export const NUMBER = /^\d{3}-\d{3}-\d{9}$/;
export const ID_TYPE = /^0[4-8]$/;
export const ID = line(20);
export const COUNTRY = /^\d{3}$/;
export const AUTHORIZATION = /^\d{10,49}$/;
export const YES_NO = /^(SI|NO)$/;
export const PAYMENT_METHOD = /^(0[1-9]|1\d|2[01])$/;

export const BRANCH = maybe('dirEstablecimiento', LONG);
export const SPECIAL_TAXPAYER = maybe('contribuyenteEspecial', /^[A-Za-z0-9]{3,13}$/);
export const ACCOUNTING = maybe('obligadoContabilidad', YES_NO);
export const RISE = maybe('rise', /^[\s\S]{1,40}$/u);

export const PAYMENTS: Part = maybe('pagos', [
  some('pago', [
    one('formaPago', PAYMENT_METHOD),
    one('total', MONEY),
    maybe('plazo', MONEY),
    maybe('unidadTiempo', line(10)),
  ]),
]);

/** One to three, or none where `min` is 0. */
export const additionalDetails = (min = 1): Part =>
  maybe('detallesAdicionales', [
    { name: 'detAdicional', min, max: 3, text: /^$/, attributes: { nombre: FREE, valor: FREE } },
  ]);

export const REIMBURSED_SUMS: Part[] = [
  maybe('totalComprobantesReembolso', MONEY),
  maybe('totalBaseImponibleReembolso', MONEY),
  maybe('totalImpuestoReembolso', MONEY),
];

export const reimbursements = (authorization: string, documentType: RegExp, rate: Part): Part =>
  maybe('reembolsos', [
    some('reembolsoDetalle', [
      one('tipoIdentificacionProveedorReembolso', ID_TYPE),
      one('identificacionProveedorReembolso', ID),
      maybe('codPaisPagoProveedorReembolso', COUNTRY),
      one('tipoProveedorReembolso', /^0[12]$/),
      one('codDocReembolso', documentType),
      one('estabDocReembolso', /^\d{3}$/),
      one('ptoEmiDocReembolso', /^\d{3}$/),
      one('secuencialDocReembolso', /^\d{9}$/),
      one('fechaEmisionDocReembolso', DATE),
      one(authorization, AUTHORIZATION),
      one('detalleImpuestos', [
        some('detalleImpuesto', [
          one('codigo', TAX),
          one('codigoPorcentaje', TAX_RATE),
          rate,
          one('baseImponibleReembolso', MONEY),
          one('impuestoReembolso', MONEY),
        ]),
      ]),
    ]),
  ]);

/** What every document ends with; the content of the rare machine is taken as it is. */
export const tail = (field = FREE): Part[] => [
  maybe('maquinaFiscal'),
  maybe('infoAdicional', [{ ...some('campoAdicional', field, 15), attributes: { nombre: FREE } }]),
  maybe('Signature'),
];
