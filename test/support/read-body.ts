import { child, childrenOf, type DocumentElement, readDocumentTree } from '../../domain/format/ride/document-tree.ts';
import type { DocumentType } from '../../domain/model/document.ts';

/*
 * The caller's JSON out of a document's XML: what the schema has a place for, without what the server computes.
 */

type Json = Record<string, unknown>;
type Read = (element: DocumentElement) => unknown;

const text =
  (name: string): Read =>
  (element) =>
    child(element, name)?.text;

/** An object of what is there; nothing where nothing is. */
const object =
  (fields: Record<string, Read>): Read =>
  (element) => {
    const entries = Object.entries(fields).map(([key, read]) => [key, read(element)] as const);
    const present = entries.filter(([, value]) => value !== undefined);
    return present.length === 0 ? undefined : Object.fromEntries(present);
  };

/** The entries of a list that is an element of its own. */
const list =
  (name: string, entry: string, read: Read): Read =>
  (element) => {
    const entries = childrenOf(child(element, name), entry).map(read);
    return entries.length === 0 ? undefined : entries;
  };

const within =
  (name: string, read: Read): Read =>
  (element) => {
    const inner = child(element, name);
    return inner === undefined ? undefined : read(inner);
  };

const party = (suffix: string, address?: string): Read =>
  object({
    idType: text(`tipoIdentificacion${suffix}`),
    id: text(`identificacion${suffix}`),
    name: text(`razonSocial${suffix}`),
    ...(address === undefined ? {} : { address: text(address) }),
  });

const yes =
  (name: string): Read =>
  (element) => {
    const said = child(element, name)?.text;
    return said === undefined ? undefined : said === 'SI';
  };

const number =
  (prefix: string): Read =>
  (element) =>
    ['estab', 'ptoEmi', 'secuencial'].map((name) => child(element, `${name}${prefix}`)!.text).join('-');

const isIva = (element: DocumentElement) => child(element, 'codigo')?.text === '2';

/** The amount of IVA is not the caller's, and its base is where it is shared with other rates. */
const taxes: Read = (element) => {
  const entries = childrenOf(child(element, 'impuestos'), 'impuesto');
  const shared = entries.filter(isIva).length > 1;
  return entries.map((entry) =>
    object({
      code: text('codigo'),
      rateCode: text('codigoPorcentaje'),
      rate: text('tarifa'),
      ...(isIva(entry) && !shared ? {} : { taxableBase: text('baseImponible') }),
      ...(isIva(entry) ? {} : { taxAmount: text('valor') }),
    })(entry),
  );
};

const details = list('detallesAdicionales', 'detAdicional', ({ attributes }) => ({
  name: attributes['nombre'],
  value: attributes['valor'],
}));

const line = (first: string, second: string): Read =>
  object({
    mainCode: text(first),
    auxiliaryCode: text(second),
    description: text('descripcion'),
    unit: text('unidadMedida'),
    quantity: text('cantidad'),
    unitPrice: text('precioUnitario'),
    unsubsidizedPrice: text('precioSinSubsidio'),
    discount: text('descuento'),
    taxes,
    additionalDetails: details,
  });

const payments = list(
  'pagos',
  'pago',
  object({ method: text('formaPago'), total: text('total'), term: text('plazo'), termUnit: text('unidadTiempo') }),
);

const reimbursements = list(
  'reembolsos',
  'reembolsoDetalle',
  object({
    supplier: object({
      idType: text('tipoIdentificacionProveedorReembolso'),
      id: text('identificacionProveedorReembolso'),
      type: text('tipoProveedorReembolso'),
      country: text('codPaisPagoProveedorReembolso'),
    }),
    documentType: text('codDocReembolso'),
    number: number('DocReembolso'),
    issueDate: text('fechaEmisionDocReembolso'),
    authorization: (element) =>
      text('numeroautorizacionDocReemb')(element) ?? text('numeroAutorizacionDocReemb')(element),
    taxes: list(
      'detalleImpuestos',
      'detalleImpuesto',
      object({
        code: text('codigo'),
        rateCode: text('codigoPorcentaje'),
        rate: text('tarifa'),
        taxableBase: text('baseImponibleReembolso'),
        taxAmount: text('impuestoReembolso'),
      }),
    ),
  }),
);

const additionalInfo = list('infoAdicional', 'campoAdicional', ({ attributes, text: value }) => ({
  name: attributes['nombre'],
  value,
}));

const modifies = object({
  documentType: text('codDocModificado'),
  number: text('numDocModificado'),
  issueDate: text('fechaEmisionDocSustento'),
});

const factura = object({
  buyer: within('infoFactura', party('Comprador', 'direccionComprador')),
  guiaRemision: within('infoFactura', text('guiaRemision')),
  export: within(
    'infoFactura',
    object({
      incoterm: text('incoTermFactura'),
      place: text('lugarIncoTerm'),
      originCountry: text('paisOrigen'),
      loadingPort: text('puertoEmbarque'),
      destinationPort: text('puertoDestino'),
      destinationCountry: text('paisDestino'),
      purchaseCountry: text('paisAdquisicion'),
      totalIncoterm: text('incoTermTotalSinImpuestos'),
      freight: text('fleteInternacional'),
      insurance: text('seguroInternacional'),
      customs: text('gastosAduaneros'),
      otherTransport: text('gastosTransporteOtros'),
    }),
  ),
  tip: within('infoFactura', text('propina')),
  plate: within('infoFactura', text('placa')),
  payments: within('infoFactura', payments),
  items: list('detalles', 'detalle', line('codigoPrincipal', 'codigoAuxiliar')),
  reimbursements,
  retentions: list(
    'retenciones',
    'retencion',
    object({ code: text('codigoPorcentaje'), rate: text('tarifa'), amount: text('valor') }),
  ),
  transport: within(
    'infoSustitutivaGuiaRemision',
    object({
      startAddress: text('dirPartida'),
      recipientAddress: text('dirDestinatario'),
      startDate: text('fechaIniTransporte'),
      endDate: text('fechaFinTransporte'),
      carrier: object({
        idType: text('tipoIdentificacionTransportista'),
        id: text('rucTransportista'),
        name: text('razonSocialTransportista'),
      }),
      plate: text('placa'),
      destinations: list(
        'destinos',
        'destino',
        object({
          reason: text('motivoTraslado'),
          customsDocument: text('docAduaneroUnico'),
          branchCode: text('codEstabDestino'),
          route: text('ruta'),
        }),
      ),
    }),
  ),
  thirdPartyCharges: list('otrosRubrosTerceros', 'rubro', object({ concept: text('concepto'), total: text('total') })),
  negotiable: within('tipoNegociable', object({ email: text('correo') })),
});

const liquidacionCompra = object({
  supplier: within('infoLiquidacionCompra', party('Proveedor', 'direccionProveedor')),
  items: list('detalles', 'detalle', line('codigoPrincipal', 'codigoAuxiliar')),
  payments: within('infoLiquidacionCompra', payments),
  reimbursements,
});

const notaCredito = object({
  buyer: within('infoNotaCredito', party('Comprador')),
  modifies: within('infoNotaCredito', modifies),
  reason: within('infoNotaCredito', text('motivo')),
  items: list('detalles', 'detalle', line('codigoInterno', 'codigoAdicional')),
});

const notaDebito = object({
  buyer: within('infoNotaDebito', party('Comprador')),
  modifies: within('infoNotaDebito', modifies),
  reasons: list('motivos', 'motivo', object({ reason: text('razon'), amount: text('valor') })),
  taxes: within('infoNotaDebito', taxes),
  payments: within('infoNotaDebito', payments),
});

const guiaRemision = object({
  carrier: within(
    'infoGuiaRemision',
    object({
      idType: text('tipoIdentificacionTransportista'),
      id: text('rucTransportista'),
      name: text('razonSocialTransportista'),
    }),
  ),
  plate: within('infoGuiaRemision', text('placa')),
  startAddress: within('infoGuiaRemision', text('dirPartida')),
  startDate: within('infoGuiaRemision', text('fechaIniTransporte')),
  endDate: within('infoGuiaRemision', text('fechaFinTransporte')),
  recipients: list(
    'destinatarios',
    'destinatario',
    object({
      id: text('identificacionDestinatario'),
      name: text('razonSocialDestinatario'),
      address: text('dirDestinatario'),
      reason: text('motivoTraslado'),
      customsDocument: text('docAduaneroUnico'),
      branchCode: text('codEstabDestino'),
      route: text('ruta'),
      support: object({
        documentType: text('codDocSustento'),
        number: text('numDocSustento'),
        issueDate: text('fechaEmisionDocSustento'),
        authorization: text('numAutDocSustento'),
      }),
      items: list(
        'detalles',
        'detalle',
        object({
          mainCode: text('codigoInterno'),
          auxiliaryCode: text('codigoAdicional'),
          description: text('descripcion'),
          quantity: text('cantidad'),
          additionalDetails: details,
        }),
      ),
    }),
  ),
});

const comprobanteRetencion = object({
  subject: within('infoCompRetencion', party('SujetoRetenido')),
  subjectType: within('infoCompRetencion', text('tipoSujetoRetenido')),
  relatedParty: within('infoCompRetencion', yes('parteRel')),
  fiscalPeriod: within('infoCompRetencion', text('periodoFiscal')),
  supportDocuments: list(
    'docsSustento',
    'docSustento',
    object({
      supportType: text('codSustento'),
      documentType: text('codDocSustento'),
      number: (element) => child(element, 'numDocSustento')!.text.replace(/^(\d{3})(\d{3})/, '$1-$2-'),
      issueDate: text('fechaEmisionDocSustento'),
      accountingDate: text('fechaRegistroContable'),
      authorization: text('numAutDocSustento'),
      foreignPayment: object({
        regime: text('tipoRegi'),
        country: text('paisEfecPago'),
        treaty: yes('aplicConvDobTrib'),
        subjectToWithholding: yes('pagExtSujRetNorLeg'),
        preferentialRegime: yes('pagoRegFis'),
      }),
      subtotal: text('totalSinImpuestos'),
      taxes: list(
        'impuestosDocSustento',
        'impuestoDocSustento',
        object({
          code: text('codImpuestoDocSustento'),
          rateCode: text('codigoPorcentaje'),
          rate: text('tarifa'),
          taxableBase: text('baseImponible'),
          taxAmount: text('valorImpuesto'),
        }),
      ),
      retentions: list(
        'retenciones',
        'retencion',
        object({
          tax: text('codigo'),
          code: text('codigoRetencion'),
          rate: text('porcentajeRetener'),
          base: text('baseImponible'),
          dividend: within(
            'dividendos',
            object({ paidOn: text('fechaPagoDiv'), incomeTax: text('imRentaSoc'), fiscalYear: text('ejerFisUtDiv') }),
          ),
          bananas: within('compraCajBanano', object({ boxes: text('numCajBan'), boxPrice: text('precCajBan') })),
        }),
      ),
      reimbursements,
      payments: list('pagos', 'pago', object({ method: text('formaPago'), total: text('total') })),
    }),
  ),
});

const READERS: Readonly<Record<DocumentType, Read>> = {
  '01': factura,
  '03': liquidacionCompra,
  '04': notaCredito,
  '05': notaDebito,
  '06': guiaRemision,
  '07': comprobanteRetencion,
};

/** The body that a document of a type was written from. */
export function readBody(documentType: DocumentType, xml: string): Json {
  const root = readDocumentTree(xml);
  const info = additionalInfo(root);
  return {
    documentType,
    ...(READERS[documentType](root) as Json),
    ...(info === undefined ? {} : { additionalInfo: info }),
  };
}
