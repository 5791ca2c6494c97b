/** A message as SRI's answers carry it. */
export interface Message {
  identifier: string;
  message: string;
  additionalInfo?: string;
  type: 'ERROR' | 'ADVERTENCIA';
}

/** SRI's numbers and words (ficha técnica 2.34, error table). */
const TEXTS: Readonly<Record<string, string>> = {
  2: 'RUC DEL EMISOR NO SE ENCUENTRA ACTIVO',
  10: 'ESTABLECIMIENTO DEL EMISOR SE ENCUENTRA CLAUSURADO',
  26: 'TAMAÑO MÁXIMO SUPERADO',
  27: 'CLASE NO PERMITIDA',
  28: 'ACUERDO DE MEDIOS ELECTRÓNICOS NO ACEPTADO',
  34: 'COMPROBANTE NO AUTORIZADO',
  35: 'ARCHIVO NO CUMPLE ESTRUCTURA XML',
  36: 'VERSIÓN ESQUEMA DESCONTINUADA',
  37: 'RUC SIN AUTORIZACIÓN DE EMISIÓN',
  39: 'FIRMA INVALIDA',
  40: 'ERROR EN EL CERTIFICADO',
  42: 'CERTIFICADO REVOCADO',
  43: 'CLAVE ACCESO REGISTRADA',
  45: 'ERROR SECUENCIAL REGISTRADO',
  46: 'RUC NO EXISTE',
  47: 'TIPO DE COMPROBANTE NO EXISTE',
  48: 'ESQUEMA XSD NO EXISTE',
  49: 'ARGUMENTOS QUE ENVÍAN AL WS NULOS',
  50: 'ERROR INTERNO GENERAL',
  52: 'ERROR EN DIFERENCIAS',
  56: 'ESTABLECIMIENTO CERRADO',
  57: 'AUTORIZACIÓN SUSPENDIDA',
  58: 'ERROR EN LA ESTRUCTURA DE CLAVE DE ACCESO',
  59: 'IDENTIFICACIÓN NO EXISTE',
  60: 'ESTE PROCESO FUE REALIZADO EN EL AMBIENTE DE PRUEBAS',
  62: 'IDENTIFICACIÓN INCORRECTA',
  63: 'RUC CLAUSURADO',
  64: 'CÓDIGO DOCUMENTO SUSTENTO',
  65: 'FECHA DE EMISIÓN EXTEMPORÁNEA',
  67: 'FECHA INVÁLIDA',
  68: 'DOCUMENTO SUSTENTO',
  69: 'IDENTIFICACIÓN DEL RECEPTOR',
  70: 'CLAVE DE ACCESO EN PROCESAMIENTO',
  80: 'ERROR EN LA ESTRUCTURA DE CLAVE DE ACCESO',
  82: 'ERROR EN LA FECHA DE INICIO DE TRANSPORTE',
  92: 'ERROR AL VALIDAR MONTO DE DEVOLUCIÓN DEL IVA',
};

const WARNINGS = new Set(['59', '60', '62', '68', '69']);

export function isMessageNumber(identifier: string): boolean {
  return Object.hasOwn(TEXTS, identifier);
}

/** SRI's message of that number. */
export function messageOf(identifier: string, additionalInfo?: string): Message {
  return {
    identifier,
    message: TEXTS[identifier] ?? '',
    ...(additionalInfo !== undefined && { additionalInfo }),
    type: WARNINGS.has(identifier) ? 'ADVERTENCIA' : 'ERROR',
  };
}
