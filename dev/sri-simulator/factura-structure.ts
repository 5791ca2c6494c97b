import { elementsOf } from './xml.ts';

type Shape = Pick<RegExp, 'test'>;

/** What an element may hold: text of a shape, child elements in order, or anything. */
interface Part {
  name: string;
  min: number;
  max: number;
  text?: Shape;
  children?: Part[];
  attributes?: Record<string, Shape>;
}

/** One line of up to `max` characters; code points, as the schema counts them. */
function line(max: number, min = 1): RegExp {
  return new RegExp(`^[^\\n]{${min},${max}}$`, 'u');
}

/** A decimal of so many significant digits, of which so many after the point. */
function decimal(digits: number, fraction: number): Shape {
  return {
    test(text) {
      const match = /^0*(\d*)(?:\.(\d*?)0*)?$/.exec(text);
      if (match === null || !/\d/.test(text)) return false;
      const [, whole = '', part = ''] = match;
      return whole.length + part.length <= digits && part.length <= fraction;
    },
  };
}

const LONG = line(300);
const CODE = line(25);
const MONEY = decimal(14, 2);
const QUANTITY = decimal(18, 6);
const RATE = decimal(4, 2);
const TAX = /^[235]$/;
const TAX_RATE = /^\d{1,4}$/;
/** `minLength` and `maxLength` without a pattern: here line feeds are allowed. */
const FREE = /^[\s\S]{1,300}$/u;
const DATE = /^(0[1-9]|[12]\d|3[01])\/(0[1-9]|1[012])\/20\d\d$/;

function one(name: string, content: Shape | Part[]): Part {
  return { name, min: 1, max: 1, ...(Array.isArray(content) ? { children: content } : { text: content }) };
}

function maybe(name: string, content?: Shape | Part[]): Part {
  return content === undefined ? { name, min: 0, max: 1 } : { ...one(name, content), min: 0 };
}

function some(name: string, content: Shape | Part[], max = Number.POSITIVE_INFINITY): Part {
  return { ...one(name, content), max };
}

const HEADER: Part = one('infoTributaria', [
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

const DETAILS: Part = one('infoFactura', [
  one('fechaEmision', DATE),
  maybe('dirEstablecimiento', LONG),
  maybe('contribuyenteEspecial', /^[A-Za-z0-9]{3,13}$/),
  maybe('obligadoContabilidad', /^(SI|NO)$/),
  maybe('comercioExterior', /^EXPORTADOR$/),
  maybe('incoTermFactura', /^[A-Z]{1,10}$/),
  maybe('lugarIncoTerm', LONG),
  maybe('paisOrigen', /^\d{3}$/),
  maybe('puertoEmbarque', LONG),
  maybe('puertoDestino', LONG),
  maybe('paisDestino', /^\d{3}$/),
  maybe('paisAdquisicion', /^\d{3}$/),
  one('tipoIdentificacionComprador', /^0[4-8]$/),
  maybe('guiaRemision', /^\d{3}-\d{3}-\d{9}$/),
  one('razonSocialComprador', LONG),
  one('identificacionComprador', line(20)),
  maybe('direccionComprador', LONG),
  one('totalSinImpuestos', MONEY),
  maybe('totalSubsidio', MONEY),
  maybe('incoTermTotalSinImpuestos', /^[A-Z]{1,10}$/),
  one('totalDescuento', MONEY),
  maybe('codDocReembolso', /^\d{2,3}$/),
  maybe('totalComprobantesReembolso', MONEY),
  maybe('totalBaseImponibleReembolso', MONEY),
  maybe('totalImpuestoReembolso', MONEY),
  one('totalConImpuestos', [
    some('totalImpuesto', [
      one('codigo', TAX),
      one('codigoPorcentaje', TAX_RATE),
      maybe('descuentoAdicional', MONEY),
      one('baseImponible', MONEY),
      maybe('tarifa', RATE),
      one('valor', MONEY),
      maybe('valorDevolucionIva', MONEY),
    ]),
  ]),
  maybe('compensaciones'),
  maybe('propina', MONEY),
  maybe('fleteInternacional', MONEY),
  maybe('seguroInternacional', MONEY),
  maybe('gastosAduaneros', MONEY),
  maybe('gastosTransporteOtros', MONEY),
  one('importeTotal', MONEY),
  maybe('moneda', line(15)),
  maybe('placa', line(20)),
  maybe('pagos', [
    some('pago', [
      one('formaPago', /^(0[1-9]|1\d|2[01])$/),
      one('total', MONEY),
      maybe('plazo', MONEY),
      maybe('unidadTiempo', line(10)),
    ]),
  ]),
  maybe('valorRetIva', MONEY),
  maybe('valorRetRenta', MONEY),
]);

const LINE: Part[] = [
  maybe('codigoPrincipal', CODE),
  maybe('codigoAuxiliar', CODE),
  one('descripcion', LONG),
  maybe('unidadMedida', line(50)),
  one('cantidad', QUANTITY),
  one('precioUnitario', QUANTITY),
  maybe('precioSinSubsidio', QUANTITY),
  one('descuento', MONEY),
  one('precioTotalSinImpuesto', MONEY),
  maybe('detallesAdicionales', [
    { name: 'detAdicional', min: 1, max: 3, text: /^$/, attributes: { nombre: FREE, valor: FREE } },
  ]),
  one('impuestos', [
    some('impuesto', [
      one('codigo', TAX),
      one('codigoPorcentaje', TAX_RATE),
      one('tarifa', RATE),
      one('baseImponible', MONEY),
      one('valor', MONEY),
    ]),
  ]),
];

/** Factura 2.1.0 after SRI's schema; 1.1.0 is the same without its last additions. Rare blocks are taken as they are. */
const FACTURA: Part = one('factura', [
  HEADER,
  DETAILS,
  one('detalles', [some('detalle', LINE)]),
  maybe('reembolsos'),
  maybe('retenciones'),
  maybe('infoSustitutivaGuiaRemision'),
  maybe('otrosRubrosTerceros'),
  maybe('tipoNegociable'),
  maybe('maquinaFiscal'),
  maybe('infoAdicional', [{ ...some('campoAdicional', FREE, 15), attributes: { nombre: FREE } }]),
  maybe('Signature'),
]);

/** Where a factura departs from SRI's structure, for `informacionAdicional`; nothing when it does not. */
export function facturaProblem(root: Element): string | undefined {
  return problemOf(root, FACTURA);
}

/** The same for what the document types have in common. */
export function headerProblem(root: Element): string | undefined {
  const [header] = elementsOf(root);
  return header?.localName === HEADER.name ? problemOf(header, HEADER) : `falta el elemento '${HEADER.name}'`;
}

function problemOf(element: Element, { text, children, attributes = {} }: Part): string | undefined {
  for (const [name, shape] of Object.entries(attributes)) {
    if (!shape.test(element.getAttribute(name) ?? ''))
      return `el atributo '${name}' de '${element.localName}' no es válido`;
  }
  const elements = elementsOf(element);
  if (text !== undefined) {
    const valid = elements.length === 0 && text.test(element.textContent ?? '');
    return valid ? undefined : `el valor de '${element.localName}' no es válido`;
  }
  return children === undefined ? undefined : orderProblem(element.localName, elements, children);
}

function orderProblem(parent: string, elements: Element[], parts: Part[]): string | undefined {
  let next = 0;
  for (const part of parts) {
    let count = 0;
    for (; elements[next]?.localName === part.name && count < part.max; next++, count++) {
      const problem = problemOf(elements[next]!, part);
      if (problem !== undefined) return problem;
    }
    if (count < part.min)
      return `en '${parent}' se esperaba '${part.name}' y no '${elements[next]?.localName ?? 'el final'}'`;
  }
  const extra = elements[next];
  return extra === undefined ? undefined : `en '${parent}' no se esperaba '${extra.localName}'`;
}
