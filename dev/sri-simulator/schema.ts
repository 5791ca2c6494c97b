import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { XmlDocument, XmlLibError, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { structureProblem } from './structures.ts';

/** Names of SRI's schema files, before `_V<version>.xsd`. */
const FILES: Readonly<Record<string, string>> = {
  factura: 'factura',
  liquidacionCompra: 'LiquidacionCompra',
  notaCredito: 'NotaCredito',
  notaDebito: 'NotaDebito',
  guiaRemision: 'GuiaRemision',
  comprobanteRetencion: 'ComprobanteRetencion',
};

/** Versions SRI still takes (sri.md §1), as far as their structure is known here. */
export const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  factura: ['1.0.0', '1.1.0', '2.0.0', '2.1.0'],
  liquidacionCompra: ['1.0.0', '1.1.0'],
  notaCredito: ['1.0.0', '1.1.0'],
  notaDebito: ['1.0.0'],
  guiaRemision: ['1.0.0', '1.1.0'],
  comprobanteRetencion: ['2.0.0'],
};

export interface Schemas {
  /** What is wrong with the bytes as XML, whatever they hold. */
  wellFormedProblem(bytes: Uint8Array): string | undefined;
  /** What is wrong with a document's structure; its root is one of the known types and versions. */
  problem(bytes: Uint8Array, root: Element): string | undefined;
  close(): void;
}

/** Checks by SRI's own schema where `dir` has it, else by what this program knows of the structure. */
export function openSchemas(dir?: string): Schemas {
  const validators = new Map<string, XsdValidator | undefined>();
  if (dir !== undefined) xmlRegisterFsInputProviders();

  function validatorFor(type: string, version: string): XsdValidator | undefined {
    const key = `${FILES[type]}_V${version}.xsd`;
    if (!validators.has(key)) validators.set(key, dir === undefined ? undefined : compile(join(dir, key)));
    return validators.get(key);
  }

  return {
    wellFormedProblem: (bytes) => problemIn(bytes, () => undefined),
    problem(bytes, root) {
      const validator = validatorFor(root.localName, root.getAttribute('version') ?? '');
      if (validator !== undefined) return problemIn(bytes, (document) => validator.validate(document));
      return structureProblem(root);
    },
    close() {
      for (const validator of validators.values()) validator?.dispose();
    },
  };
}

function problemIn(bytes: Uint8Array, check: (document: XmlDocument) => void): string | undefined {
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromBuffer(bytes);
    check(document);
    return undefined;
  } catch (error) {
    if (error instanceof XmlLibError) return error.details[0]?.message.trim() ?? error.message;
    throw error;
  } finally {
    document?.dispose();
  }
}

function compile(file: string): XsdValidator | undefined {
  if (!existsSync(file)) return undefined;
  const schema = readFileSync(file, 'utf8')
    // Two of SRI's files declare XML 1.1, which not every reader takes.
    .replace('version="1.1"', 'version="1.0"')
    // SRI's service takes the text of ficha técnica 2.34, anexo 22, which its published schemas lack.
    .replace('CONTRIBUYENTE RÉGIMEN RIMPE', 'CONTRIBUYENTE (NEGOCIO POPULAR - )?RÉGIMEN RIMPE');
  const document = XmlDocument.fromString(schema, { url: pathToFileURL(file).href });
  try {
    return XsdValidator.fromDoc(document);
  } finally {
    document.dispose();
  }
}
