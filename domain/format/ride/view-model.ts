import type { Environment } from '../../model/document.ts';
import { documentTypes } from '../document-types.ts';
import { child, childrenOf, type DocumentElement, readDocumentTree } from './document-tree.ts';
import { authorizationTime, facts, textOf } from './fields.ts';
import type { RideIssuer, RideView } from './view.ts';

export type { RideView } from './view.ts';

/**
 * What the RIDE of an authorized document shows, read from its signed XML alone. Any schema version
 * is understood, other issuers' documents too.
 * @throws XmlParseError when `documentXml` is not well-formed; Error when it is a type without printed form
 */
export function rideView(source: {
  documentXml: string;
  authorizationNumber: string;
  /** As SRI wrote it; empty when it is not known. */
  authorizationDate: string;
  environment: Environment;
}): RideView {
  const root = readDocumentTree(source.documentXml);
  const type = documentTypes.find((row) => row.root === root.name);
  if (type === undefined) throw new Error('this type of document has no printed form');
  const { title, info, sections, payments, totals } = type.view(root);
  const tax = child(root, 'infoTributaria');
  const additional = childrenOf(child(root, 'infoAdicional'), 'campoAdicional');
  const additionalInfo = additional.map(({ attributes, text }) => ({
    label: attributes.nombre ?? '',
    value: text.trim(),
  }));
  const date = authorizationTime(source.authorizationDate);
  return {
    environment: source.environment,
    title,
    number: ['estab', 'ptoEmi', 'secuencial'].map((name) => textOf(tax, name) ?? '').join('-'),
    accessKey: textOf(tax, 'claveAcceso') ?? '',
    authorizationNumber: source.authorizationNumber,
    ...(date === undefined ? {} : { authorizationDate: date }),
    issuer: issuerOf(tax, info, additionalInfo.find(({ label }) => label === 'Gran Contribuyente')?.value),
    sections,
    additionalInfo,
    ...(payments === undefined ? {} : { payments }),
    totals,
  };
}

/** `largeTaxpayer` is a resolution number that travels as an additional field (ficha técnica 2.34, anexo 24). */
function issuerOf(
  tax: DocumentElement | undefined,
  info: DocumentElement | undefined,
  largeTaxpayer: string | undefined,
): RideIssuer {
  const tradeName = textOf(tax, 'nombreComercial');
  const withholdingAgent = textOf(tax, 'agenteRetencion');
  const legends = [
    textOf(tax, 'contribuyenteRimpe'),
    textOf(tax, 'regimenMicroempresas'),
    withholdingAgent && `Agente de Retención Resolución No. ${withholdingAgent}`,
    largeTaxpayer && `Gran Contribuyente Resolución No. ${largeTaxpayer}`,
  ];
  return {
    businessName: textOf(tax, 'razonSocial') ?? '',
    ...(tradeName === undefined ? {} : { tradeName }),
    ruc: textOf(tax, 'ruc') ?? '',
    facts: facts([
      ['Dirección Matriz', textOf(tax, 'dirMatriz')],
      ['Dirección Establecimiento', textOf(info, 'dirEstablecimiento')],
      ['Contribuyente Especial Nro.', textOf(info, 'contribuyenteEspecial')],
      ['Obligado a llevar contabilidad', textOf(info, 'obligadoContabilidad')],
    ]),
    legends: legends.filter((legend) => legend !== undefined),
  };
}
