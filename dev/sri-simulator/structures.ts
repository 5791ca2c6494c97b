import { FACTURA, LIQUIDACION, NOTA_CREDITO, NOTA_DEBITO } from './sale-structures.ts';
import { decimal, line, maybe, one, type Part, problemOf, some } from './structure.ts';
import {
  ACCOUNTING,
  additionalDetails,
  AUTHORIZATION,
  BRANCH,
  CODE,
  DATE,
  HEADER,
  ID,
  ID_TYPE,
  LONG,
  MONEY,
  NUMBER,
  PAYMENT_METHOD,
  QUANTITY,
  REIMBURSED_SUMS,
  reimbursements,
  RISE,
  SPECIAL_TAXPAYER,
  tail,
  TAX,
  TAX_RATE,
  YES_NO,
} from './structure-parts.ts';

const GUIA: Part = one('guiaRemision', [
  HEADER,
  one('infoGuiaRemision', [
    BRANCH,
    one('dirPartida', LONG),
    one('razonSocialTransportista', LONG),
    one('tipoIdentificacionTransportista', ID_TYPE),
    one('rucTransportista', ID),
    RISE,
    ACCOUNTING,
    SPECIAL_TAXPAYER,
    one('fechaIniTransporte', DATE),
    one('fechaFinTransporte', DATE),
    one('placa', ID),
  ]),
  one('destinatarios', [
    some('destinatario', [
      one('identificacionDestinatario', ID),
      one('razonSocialDestinatario', LONG),
      one('dirDestinatario', LONG),
      one('motivoTraslado', LONG),
      maybe('docAduaneroUnico', ID),
      maybe('codEstabDestino', /^\d{3}$/),
      maybe('ruta', LONG),
      maybe('codDocSustento', /^\d{2}$/),
      maybe('numDocSustento', NUMBER),
      maybe('numAutDocSustento', AUTHORIZATION),
      maybe('fechaEmisionDocSustento', DATE),
      one('detalles', [
        some('detalle', [
          maybe('codigoInterno', CODE),
          maybe('codigoAdicional', CODE),
          one('descripcion', LONG),
          one('cantidad', QUANTITY),
          additionalDetails(0),
        ]),
      ]),
    ]),
  ]),
  ...tail(),
]);

/** `tarifa` and `porcentajeRetener` have three digits here. */
const PERCENTAGE = decimal(3, 2);

const SUPPORT: Part[] = [
  one('codSustento', /^\d{2}$/),
  one('codDocSustento', /^\d{1,3}$/),
  one('numDocSustento', /^\d{15}$/),
  one('fechaEmisionDocSustento', DATE),
  maybe('fechaRegistroContable', DATE),
  maybe('numAutDocSustento', AUTHORIZATION),
  one('pagoLocExt', /^0[12]$/),
  maybe('tipoRegi', /^\d{2}$/),
  maybe('paisEfecPago', /^\d{3,4}$/),
  maybe('aplicConvDobTrib', YES_NO),
  maybe('pagExtSujRetNorLeg', YES_NO),
  maybe('pagoRegFis', YES_NO),
  ...REIMBURSED_SUMS,
  one('totalSinImpuestos', MONEY),
  one('importeTotal', MONEY),
  one('impuestosDocSustento', [
    some('impuestoDocSustento', [
      one('codImpuestoDocSustento', TAX),
      one('codigoPorcentaje', TAX_RATE),
      one('baseImponible', MONEY),
      one('tarifa', PERCENTAGE),
      one('valorImpuesto', MONEY),
    ]),
  ]),
  one('retenciones', [
    some('retencion', [
      one('codigo', /^[126]$/),
      one('codigoRetencion', line(5)),
      one('baseImponible', MONEY),
      one('porcentajeRetener', PERCENTAGE),
      one('valorRetenido', MONEY),
      maybe('dividendos', [one('fechaPagoDiv', DATE), one('imRentaSoc', MONEY), one('ejerFisUtDiv', /^(19|20)\d\d$/)]),
      maybe('compraCajBanano', [one('numCajBan', /^\d{1,7}$/), one('precCajBan', MONEY)]),
    ]),
  ]),
  reimbursements('numeroAutorizacionDocReemb', /^\d{2}$/, one('tarifa', /^\d{1,4}$/)),
  one('pagos', [some('pago', [one('formaPago', PAYMENT_METHOD), one('total', MONEY)])]),
];

const RETENCION: Part = one('comprobanteRetencion', [
  HEADER,
  one('infoCompRetencion', [
    one('fechaEmision', DATE),
    BRANCH,
    maybe('contribuyenteEspecial', /^[A-Za-z0-9]{3,5}$/),
    ACCOUNTING,
    one('tipoIdentificacionSujetoRetenido', ID_TYPE),
    maybe('tipoSujetoRetenido', /^0[12]$/),
    one('parteRel', YES_NO),
    one('razonSocialSujetoRetenido', LONG),
    one('identificacionSujetoRetenido', ID),
    one('periodoFiscal', /^(0[1-9]|1[012])\/20\d\d$/),
  ]),
  one('docsSustento', [some('docSustento', SUPPORT)]),
  ...tail(LONG),
]);

const ROOT = { id: /^comprobante$/, version: /^\d\.\d\.\d$/ };

const STRUCTURES = [FACTURA, LIQUIDACION, NOTA_CREDITO, NOTA_DEBITO, GUIA, RETENCION].map((structure) => ({
  ...structure,
  attributes: ROOT,
}));

/** Where a document departs from SRI's structure of its type, for `informacionAdicional`; nothing when it does not. */
export function structureProblem(root: Element): string | undefined {
  const structure = STRUCTURES.find(({ name }) => name === root.localName);
  return structure === undefined ? `no se conoce '${root.localName}'` : problemOf(root, structure);
}
