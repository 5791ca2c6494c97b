import type { Bilingual, CatalogueEntry } from './error-catalogue.ts';

type Handling = Pick<CatalogueEntry, 'actor' | 'action' | 'next' | 'rebuildHelps'>;

/** Something between the taxpayer and SRI, which no change of the document removes. */
const IMPEDIMENT: Handling & { remedy: Bilingual } = {
  remedy: {
    es: 'El emisor debe regularizar su situación con el SRI; después reconstruya y envíe de nuevo.',
    en: 'The issuer has to settle the matter with SRI; then rebuild and send again.',
  },
  actor: 'issuer',
  action: 'BLOCK',
  next: 'contact-sri',
  rebuildHelps: false,
};

/** What this service should never send. */
const DEFECT: Handling & { remedy: Bilingual } = {
  remedy: {
    es: 'Avise a quien opera el servicio: es un defecto del programa, no de los datos.',
    en: 'Tell whoever runs the service: the program is at fault, not the data.',
  },
  actor: 'operator',
  action: 'FIX',
  next: 'operator',
  rebuildHelps: true,
};

const WRONG_DATA: Handling = { actor: 'caller', action: 'FIX', next: 'rebuild', rebuildHelps: true };
const WRONG_SETTING: Handling = { actor: 'operator', action: 'FIX', next: 'operator', rebuildHelps: true };
const WRONG_CERTIFICATE: Handling = { actor: 'issuer', action: 'BLOCK', next: 'renew-certificate', rebuildHelps: true };
const AT_SRI: Handling = { actor: 'nobody', action: 'POLL', next: 'wait', rebuildHelps: false };
const NOTICE: Handling = { actor: 'caller', action: 'WARN', next: 'none', rebuildHelps: false };

const NOT_ANOTHER: Bilingual = {
  es: 'Nada: se consulta la autorización. No emita otro documento por la misma venta.',
  en: 'Nothing: the authorization is queried. Do not issue another document for the same sale.',
};

const CONFIRM_ID: Bilingual = {
  es: 'Confirme la identificación con el receptor para los próximos documentos.',
  en: 'Confirm the identification with the receiver for future documents.',
};

/** By message number: ficha técnica 2.34, error table; who acts and how is this service's reading of it. */
export const ERROR_ENTRIES: Readonly<Record<string, CatalogueEntry>> = {
  2: {
    meaning: { es: 'RUC del emisor no activo', en: "Issuer's RUC is not active" },
    cause: {
      es: 'El RUC está suspendido o pasivo en el catastro del SRI.',
      en: "The RUC is suspended or passive in SRI's registry.",
    },
    ...IMPEDIMENT,
  },
  10: {
    meaning: { es: 'Establecimiento clausurado', en: 'Establishment closed down by SRI' },
    cause: {
      es: 'El SRI clausuró el establecimiento emisor.',
      en: 'SRI has closed the issuing establishment down as a sanction.',
    },
    ...IMPEDIMENT,
  },
  26: {
    meaning: { es: 'Tamaño máximo superado', en: 'Maximum size exceeded' },
    cause: {
      es: 'El archivo supera los 320 kB que el SRI admite por documento.',
      en: 'The file exceeds the 320 kB that SRI allows for one document.',
    },
    remedy: {
      es: 'Reparta las líneas en varios documentos o acorte textos y reconstruya.',
      en: 'Split the lines over several documents or shorten texts, then rebuild.',
    },
    ...WRONG_DATA,
  },
  27: {
    meaning: { es: 'Clase de contribuyente no permitida', en: 'Class of taxpayer not permitted' },
    cause: {
      es: 'La clase del contribuyente no le permite emitir este comprobante.',
      en: "The taxpayer's class may not issue this document.",
    },
    ...IMPEDIMENT,
  },
  28: {
    meaning: { es: 'Acuerdo de medios electrónicos no aceptado', en: 'Agreement on electronic means not accepted' },
    cause: {
      es: 'El emisor no ha aceptado en SRI en línea el acuerdo de uso de medios electrónicos.',
      en: "The issuer has not accepted SRI's agreement on electronic means online.",
    },
    ...IMPEDIMENT,
  },
  34: {
    meaning: {
      es: 'Tipo de comprobante no autorizado para el emisor',
      en: 'Document type not authorized for the issuer',
    },
    cause: {
      es: 'La autorización de emisión electrónica no incluye este tipo de comprobante en este ambiente.',
      en: 'The authorization to issue electronically lacks this document type in this environment.',
    },
    ...IMPEDIMENT,
  },
  35: {
    meaning: { es: 'El archivo no cumple la estructura XML', en: 'The file does not follow the XML schema' },
    cause: {
      es: 'Un campo falta, sobra, está vacío o no tiene el formato del esquema; el detalle lo nombra.',
      en: 'A field is missing, unexpected, empty or of the wrong shape; the additional information names it.',
    },
    remedy: {
      es: 'Corrija el campo que nombra el detalle y reconstruya el documento.',
      en: 'Correct the field that the additional information names and rebuild the document.',
    },
    ...WRONG_DATA,
  },
  36: {
    meaning: { es: 'Versión del esquema descontinuada', en: 'Schema version discontinued' },
    cause: {
      es: 'El SRI ya no admite la versión configurada para este tipo de documento.',
      en: 'SRI no longer takes the version configured for this document type.',
    },
    remedy: {
      es: 'Configure una versión vigente del esquema y reconstruya.',
      en: 'Configure a schema version that is in force, then rebuild.',
    },
    ...WRONG_SETTING,
  },
  37: {
    meaning: { es: 'RUC sin autorización de emisión', en: 'RUC without authorization to issue' },
    cause: {
      es: 'El RUC no está registrado para emisión electrónica en este ambiente.',
      en: 'The RUC is not registered for electronic issuing in this environment.',
    },
    ...IMPEDIMENT,
  },
  39: {
    meaning: { es: 'Firma inválida', en: 'Invalid signature' },
    cause: {
      es: 'El contenido cambió después de firmar, el certificado no es de firma o no lleva el RUC, o la hora de firma está en el futuro.',
      en: 'The content changed after signing, the certificate is not for signing or lacks the RUC, or the signing time lies in the future.',
    },
    remedy: {
      es: 'Revise el certificado y el reloj del servidor y reconstruya: se firma de nuevo.',
      en: "Check the certificate and the server's clock, then rebuild: it is signed anew.",
    },
    ...WRONG_SETTING,
  },
  40: {
    meaning: { es: 'Error en el certificado', en: 'Certificate error' },
    cause: {
      es: 'El SRI no encontró el certificado en la firma o no pudo leerlo.',
      en: 'SRI found no certificate in the signature or could not read it.',
    },
    remedy: {
      es: 'Registre un certificado de firma válido y reconstruya el documento.',
      en: 'Register a valid signing certificate, then rebuild the document.',
    },
    ...WRONG_CERTIFICATE,
  },
  42: {
    meaning: { es: 'Certificado revocado o caducado', en: 'Certificate revoked or expired' },
    cause: {
      es: 'La entidad certificadora revocó el certificado o este caducó.',
      en: 'The certification authority revoked the certificate, or it has expired.',
    },
    remedy: {
      es: 'Obtenga y registre un certificado vigente y reconstruya el documento.',
      en: 'Obtain and register a valid certificate, then rebuild the document.',
    },
    ...WRONG_CERTIFICATE,
  },
  43: {
    meaning: { es: 'Clave de acceso registrada', en: 'Access key already registered' },
    cause: {
      es: 'El SRI ya tiene un comprobante con esta clave, normalmente de un envío anterior cuya respuesta se perdió.',
      en: 'SRI already holds a document with this key, usually from an earlier send whose answer was lost.',
    },
    remedy: NOT_ANOTHER,
    ...AT_SRI,
  },
  45: {
    meaning: { es: 'Secuencial registrado', en: 'Sequential already registered' },
    cause: {
      es: 'El SRI ya tiene un comprobante con este número: un envío anterior, u otro documento con otra clave.',
      en: 'SRI already holds a document with this number: an earlier send, or another document under another key.',
    },
    remedy: {
      es: 'Averigüe en SRI en línea qué documento usa el número; si es otro, emita con un número nuevo.',
      en: "Find out in SRI's portal which document uses the number; if it is another one, issue under a new number.",
    },
    actor: 'issuer',
    action: 'BLOCK',
    next: 'new-document',
    rebuildHelps: false,
  },
  46: {
    meaning: { es: 'RUC no existe', en: 'RUC does not exist' },
    cause: {
      es: 'El RUC del emisor no consta en el catastro del SRI.',
      en: "The issuer's RUC is not in SRI's registry.",
    },
    ...IMPEDIMENT,
  },
  47: {
    meaning: { es: 'Tipo de comprobante no existe', en: 'Document type does not exist' },
    cause: {
      es: 'El código del tipo de comprobante no está en el catálogo del SRI.',
      en: "The code of the document type is not in SRI's catalogue.",
    },
    ...DEFECT,
  },
  48: {
    meaning: { es: 'Esquema XSD no existe', en: 'XSD schema does not exist' },
    cause: {
      es: 'El SRI no conoce la versión del esquema que declara el documento.',
      en: 'SRI does not know the schema version that the document states.',
    },
    remedy: {
      es: 'Configure una versión vigente del esquema y reconstruya.',
      en: 'Configure a schema version that is in force, then rebuild.',
    },
    ...WRONG_SETTING,
  },
  49: {
    meaning: { es: 'Argumentos nulos', en: 'Null arguments' },
    cause: {
      es: 'La petición llegó al SRI sin el documento o sin la clave.',
      en: 'The request reached SRI without the document or the key.',
    },
    ...DEFECT,
  },
  50: {
    meaning: { es: 'Error interno general', en: 'General internal error' },
    cause: {
      es: 'El servicio del SRI falló al procesar la petición.',
      en: "SRI's service failed while working on the request.",
    },
    remedy: { es: 'Nada: se envía de nuevo más tarde.', en: 'Nothing: it is sent again later.' },
    actor: 'sri',
    action: 'RETRY',
    next: 'wait',
    rebuildHelps: false,
  },
  52: {
    meaning: { es: 'Error en diferencias', en: 'Differences in calculations' },
    cause: {
      es: 'Los totales no coinciden con las líneas o con base por tarifa.',
      en: 'The totals do not agree with the lines or with base times rate.',
    },
    remedy: {
      es: 'Revise cantidades, precios, descuentos e impuestos y reconstruya el documento.',
      en: 'Check quantities, prices, discounts and taxes, then rebuild the document.',
    },
    ...WRONG_DATA,
  },
  56: {
    meaning: { es: 'Establecimiento cerrado', en: 'Establishment closed' },
    cause: {
      es: 'El establecimiento emisor consta como cerrado en el RUC.',
      en: 'The issuing establishment is registered as closed.',
    },
    ...IMPEDIMENT,
  },
  57: {
    meaning: { es: 'Autorización suspendida', en: 'Authorization suspended' },
    cause: {
      es: 'El SRI suspendió la autorización de emisión del contribuyente.',
      en: "SRI has suspended the taxpayer's authorization to issue.",
    },
    ...IMPEDIMENT,
  },
  58: {
    meaning: { es: 'Clave de acceso no coincide con el contenido', en: 'Access key disagrees with the content' },
    cause: {
      es: 'Los componentes de la clave difieren de los datos del documento.',
      en: "The parts of the key differ from the document's data.",
    },
    ...DEFECT,
  },
  59: {
    meaning: { es: 'Identificación del receptor no existe', en: "Receiver's id does not exist" },
    cause: {
      es: 'La identificación del receptor no consta en los registros del SRI.',
      en: "The receiver's identification is not in SRI's records.",
    },
    remedy: CONFIRM_ID,
    ...NOTICE,
  },
  60: {
    meaning: { es: 'Ambiente de pruebas', en: 'Test environment' },
    cause: {
      es: 'El documento se procesó en el ambiente de pruebas y no tiene validez tributaria.',
      en: 'The document was handled by the test environment and has no tax validity.',
    },
    remedy: { es: 'Ninguno.', en: 'None.' },
    actor: 'nobody',
    action: 'WARN',
    next: 'none',
    rebuildHelps: false,
  },
  62: {
    meaning: { es: 'Identificación incorrecta', en: 'Incorrect identification' },
    cause: {
      es: 'El dígito verificador de la identificación del receptor no es correcto.',
      en: "The check digit of the receiver's identification is wrong.",
    },
    remedy: CONFIRM_ID,
    ...NOTICE,
  },
  63: {
    meaning: { es: 'RUC clausurado', en: 'RUC closed down by SRI' },
    cause: { es: 'El SRI clausuró al contribuyente.', en: 'SRI has closed the taxpayer down as a sanction.' },
    ...IMPEDIMENT,
  },
  64: {
    meaning: { es: 'Código de sustento no existe', en: 'Code of supporting document does not exist' },
    cause: {
      es: 'El código del documento de sustento no está en el catálogo del SRI.',
      en: "The code of the supporting document is not in SRI's catalogue.",
    },
    remedy: {
      es: 'Corrija el código de sustento y reconstruya el documento.',
      en: 'Correct the code of the supporting document, then rebuild.',
    },
    ...WRONG_DATA,
  },
  65: {
    meaning: { es: 'Fecha de emisión extemporánea', en: 'Issue date out of time' },
    cause: {
      es: 'La fecha de emisión es futura o demasiado antigua para el SRI.',
      en: 'The issue date lies in the future or too far back for SRI.',
    },
    remedy: {
      es: 'Emita un documento nuevo con fecha actual: la fecha es parte de la clave de acceso.',
      en: "Issue a new document with today's date: the date is part of the access key.",
    },
    actor: 'caller',
    action: 'FIX',
    next: 'new-document',
    rebuildHelps: false,
  },
  67: {
    meaning: { es: 'Fecha inválida', en: 'Invalid date' },
    cause: {
      es: 'Una fecha del documento no tiene el formato o el valor que el SRI admite.',
      en: 'A date in the document has a format or value that SRI does not take.',
    },
    ...DEFECT,
  },
  68: {
    meaning: { es: 'Documento de sustento no electrónico', en: 'Supporting document is not electronic' },
    cause: {
      es: 'El documento que se sustenta no consta como comprobante electrónico.',
      en: 'The supporting document is not known as an electronic one.',
    },
    remedy: {
      es: 'Confirme el número del documento de sustento para los próximos documentos.',
      en: 'Confirm the number of the supporting document for future documents.',
    },
    ...NOTICE,
  },
  69: {
    meaning: { es: 'Identificación del receptor no consta en el RUC', en: "Receiver's id not in the RUC registry" },
    cause: {
      es: 'La identificación del receptor no está en el catastro del RUC.',
      en: "The receiver's identification is not in the RUC registry.",
    },
    remedy: CONFIRM_ID,
    ...NOTICE,
  },
  70: {
    meaning: { es: 'Clave de acceso en procesamiento', en: 'Access key being processed' },
    cause: {
      es: 'El SRI recibió el documento y todavía lo procesa, lo que puede durar hasta 24 horas.',
      en: 'SRI has received the document and is still working on it, which can take up to 24 hours.',
    },
    remedy: NOT_ANOTHER,
    ...AT_SRI,
  },
  80: {
    meaning: { es: 'Clave de acceso mal formada en la consulta', en: 'Malformed access key in the query' },
    cause: {
      es: 'La clave consultada no tiene 49 dígitos o su dígito verificador no es correcto.',
      en: 'The key asked about does not have 49 digits or its check digit is wrong.',
    },
    ...DEFECT,
    rebuildHelps: false,
  },
  82: {
    meaning: { es: 'Inicio de transporte anterior a la emisión', en: 'Transport starts before the issue date' },
    cause: {
      es: 'La fecha de inicio del transporte es anterior a la de emisión.',
      en: "The transport's start date is before the issue date.",
    },
    remedy: {
      es: 'Corrija la fecha de inicio del transporte y reconstruya el documento.',
      en: "Correct the transport's start date, then rebuild the document.",
    },
    ...WRONG_DATA,
  },
  92: {
    meaning: { es: 'Devolución de IVA no coincide', en: 'IVA refund does not match' },
    cause: {
      es: 'El valor de devolución de IVA difiere del que el SRI calculó.',
      en: 'The amount of the IVA refund differs from what SRI worked out.',
    },
    remedy: {
      es: 'Corrija el valor de la devolución y reconstruya el documento.',
      en: 'Correct the amount of the refund, then rebuild the document.',
    },
    ...WRONG_DATA,
  },
  99: {
    meaning: { es: 'Error de la consulta', en: 'Error of the query service' },
    cause: {
      es: 'El servicio de consulta no pudo responder; el texto del mensaje dice por qué, por ejemplo una fecha fuera del rango permitido.',
      en: 'The query service could not answer; the message says why, for example a date outside its range.',
    },
    remedy: {
      es: 'Lea el texto del mensaje y compruebe el documento en SRI en línea.',
      en: "Read the message and check the document in SRI's portal.",
    },
    actor: 'operator',
    action: 'BLOCK',
    next: 'operator',
    rebuildHelps: false,
  },
};
