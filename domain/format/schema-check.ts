import { readdirSync, readFileSync } from 'node:fs';
import {
  type ErrorDetail,
  ParseOption,
  XmlBufferInputProvider,
  XmlDocument,
  XmlLibError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';

export interface SchemaFlaw {
  /** libxml2's sentence, without the offending value: it may be the buyer's name, and flaws are shown and logged. */
  message: string;
  /** Where, such as /factura/detalles/detalle[2]/cantidad. Absent when the bytes are not XML at all. */
  path?: string;
  line?: number;
}

const FOLDER = new URL('./xsd/', import.meta.url);

/** By SRI's document type code (ficha técnica 2.34, table 3) and version of the format. */
const SCHEMA_FILES: ReadonlyMap<string, string> = new Map([
  ['01 1.1.0', 'factura-1.1.0.xsd'],
  ['01 2.1.0', 'factura-2.1.0.xsd'],
  ['03 1.1.0', 'liquidacion-compra-1.1.0.xsd'],
  ['04 1.1.0', 'nota-credito-1.1.0.xsd'],
  ['05 1.0.0', 'nota-debito-1.0.0.xsd'],
  ['06 1.1.0', 'guia-remision-1.1.0.xsd'],
  ['07 2.0.0', 'comprobante-retencion-2.0.0.xsd'],
]);

/**
 * Holds a document against our schema; empty when it fits. Bytes are read in the encoding they declare. What is not well-formed
 * or has a DOCTYPE does not fit.
 * @throws RangeError for an unknown type or version
 */
export function validateXml(documentType: string, version: string, xml: string | Uint8Array): SchemaFlaw[] {
  const file = SCHEMA_FILES.get(`${documentType} ${version}`);
  if (file === undefined) {
    throw new RangeError(`There is no schema for document type '${documentType}' in version '${version}'.`);
  }
  const { validator } = compiled(file);
  try {
    const document = parse(xml);
    try {
      // Parsed, but never looked into: no document of SRI's has one, and its entities would have to be expanded to be checked.
      if (document.dtd !== null) return [{ message: 'A DOCTYPE is not allowed.' }];
      validator.validate(document);
      return [];
    } finally {
      document.dispose();
    }
  } catch (error) {
    if (error instanceof XmlLibError) return flawsOf(error);
    throw error;
  }
}

function parse(xml: string | Uint8Array): XmlDocument {
  const option = ParseOption.XML_PARSE_NO_XXE;
  // A string has no encoding any more, whatever its declaration says.
  return typeof xml === 'string'
    ? XmlDocument.fromBuffer(Buffer.from(xml), { option, encoding: 'utf-8' })
    : XmlDocument.fromBuffer(xml, { option });
}

interface CompiledSchema {
  validator: XsdValidator;
  /** Kept, never read: the compiled schema points into it, and a document nobody holds is freed. */
  source: XmlDocument;
}

const schemas = new Map<string, CompiledSchema>();

function compiled(file: string): CompiledSchema {
  let schema = schemas.get(file);
  if (schema === undefined) {
    schema = compile(file);
    schemas.set(file, schema);
  }
  return schema;
}

/** What libxml2 can open, and nothing else: it has neither files nor network of its own. Filled only while a schema is compiled. */
const openable = new XmlBufferInputProvider({});
xmlRegisterInputProvider(openable);

function compile(file: string): CompiledSchema {
  const names = readdirSync(FOLDER);
  for (const name of names) openable.addBuffer(name, readFileSync(new URL(name, FOLDER)));
  try {
    const source = XmlDocument.fromBuffer(readFileSync(new URL(file, FOLDER)), { url: file });
    return { validator: XsdValidator.fromDoc(source), source };
  } finally {
    for (const name of names) openable.removeBuffer(name);
  }
}

const ERROR_LEVEL = 2;

function flawsOf(error: XmlLibError): SchemaFlaw[] {
  const flaws = error.details.filter(({ level }) => level >= ERROR_LEVEL).map(flawOf);
  return flaws.length > 0 ? flaws : [{ message: error.message }];
}

function flawOf({ message, xpath, line }: ErrorDetail): SchemaFlaw {
  return {
    message: withoutValue(message.trim()),
    ...(xpath === undefined ? {} : { path: xpath }),
    ...(line > 0 ? { line } : {}),
  };
}

/** "Element 'ruc': [facet 'pattern'] The value '17' is not accepted …" becomes "Element 'ruc': The value is not accepted …". */
function withoutValue(message: string): string {
  return message.replace(/\[facet '\w+'\] /, '').replace(/: (?:The value )?'[\s\S]*' (?=is |has )/, ': The value ');
}
