import { z } from 'zod';
import { SUPPORT_DOCUMENTS } from '../model/catalogues.ts';
import {
  checkAdditionalInfo,
  checkCode,
  checkParty,
  checkTexts,
  type CheckOptions,
  NAMED_ID_TYPES,
  problemsOf,
  type Report,
} from '../model/checks.ts';
import type { DocumentTotals } from '../model/document.ts';
import { isDecimal, toQuantity } from '../model/money.ts';
import { isoDateOf } from '../model/tax-date.ts';
import { decimal, digits, line, taxDate } from './body-fields.ts';
import { additionalInfo, documentNumber, NameValueIn, PartyIn } from './body-parts.ts';
import { each, group, text } from './canonical-xml.ts';
import type { DocumentTypeRow, WriteInput } from './document-type.ts';
import { additionalDetails, documentWriter, requiredAccounting, specialTaxpayer } from './elements.ts';
import { guiaView } from './ride/guia-view.ts';

const type = {
  code: '06',
  id: 'GuiaRemision',
  name: 'Guía de remisión',
  root: 'guiaRemision',
  versions: ['1.1.0'],
} as const;

const authorization = z
  .string()
  .regex(/^\d{10,49}$/, 'must have 10 to 49 digits')
  .meta({ description: 'Number of its authorization; an electronic document’s is its access key.' });

const recipient = z
  .strictObject({
    id: line(20).meta({ example: '1793213150001' }),
    name: line(300).meta({ example: 'Comercial Andina S.A.' }),
    address: line(300).meta({ example: 'Malecón 100, Guayaquil' }),
    reason: line(300).meta({ description: 'Why it is transported.', example: 'Venta' }),
    customsDocument: line(20).exactOptional().meta({ description: 'Number of the documento aduanero único.' }),
    branchCode: digits(3).exactOptional().meta({ description: "Of the recipient's branch.", example: '002' }),
    route: line(300).exactOptional().meta({ example: 'Quito - Guayaquil' }),
    support: z
      .strictObject({
        documentType: digits(2).meta({ example: '01' }),
        number: documentNumber(),
        issueDate: taxDate().meta({ example: '25/11/2026' }),
        authorization: authorization.exactOptional(),
      })
      .exactOptional()
      .meta({ description: 'The document that the transport is due to.' }),
    items: z
      .array(
        z.strictObject({
          mainCode: line(25).exactOptional().meta({ example: 'CAFE' }),
          auxiliaryCode: line(25).exactOptional(),
          description: line(300).meta({ example: 'Café 500 g' }),
          quantity: decimal(12, 6).meta({ example: '40' }),
          additionalDetails: z.array(NameValueIn).max(3).exactOptional(),
        }),
      )
      .min(1),
  })
  .meta({ id: 'RecipientIn' });

const body = z.strictObject({
  documentType: z.literal('06').meta({ description: '06 guía de remisión.' }),
  version: z.enum(type.versions).exactOptional().meta({ description: "Of SRI's format." }),
  carrier: PartyIn.meta({ description: 'Who transports it, and is sent the guía.' }),
  plate: line(20).meta({ description: 'Of the vehicle.', example: 'PBA1234' }),
  startAddress: line(300).meta({ example: 'Av. Amazonas N21-147, Quito' }),
  startDate: taxDate().meta({ description: 'Not before today.', example: '25/11/2026' }),
  endDate: taxDate().meta({ example: '26/11/2026' }),
  recipients: z.array(recipient).min(1),
  additionalInfo,
});

/** Goods on their way: who takes what from where to whom. */
export type GuiaBody = z.output<typeof body>;

type Input = WriteInput<GuiaBody>;
type Recipient = GuiaBody['recipients'][number];

const info = group<Input>('infoGuiaRemision', [
  text('dirEstablecimiento', ({ issuer }) => issuer.branchAddress),
  text('dirPartida', (input) => input.body.startAddress),
  text('razonSocialTransportista', (input) => input.body.carrier.name),
  text('tipoIdentificacionTransportista', (input) => input.body.carrier.idType),
  text('rucTransportista', (input) => input.body.carrier.id),
  requiredAccounting,
  specialTaxpayer,
  text('fechaIniTransporte', (input) => input.body.startDate),
  text('fechaFinTransporte', (input) => input.body.endDate),
  text('placa', (input) => input.body.plate),
]);

const recipients = group<Input>('destinatarios', [
  each(
    (input) => input.body.recipients,
    group<Recipient>('destinatario', [
      text('identificacionDestinatario', ({ id }) => id),
      text('razonSocialDestinatario', ({ name }) => name),
      text('dirDestinatario', ({ address }) => address),
      text('motivoTraslado', ({ reason }) => reason),
      text('docAduaneroUnico', ({ customsDocument }) => customsDocument),
      text('codEstabDestino', ({ branchCode }) => branchCode),
      text('ruta', ({ route }) => route),
      text('codDocSustento', ({ support }) => support?.documentType),
      text('numDocSustento', ({ support }) => support?.number),
      text('numAutDocSustento', ({ support }) => support?.authorization),
      text('fechaEmisionDocSustento', ({ support }) => support?.issueDate),
      group('detalles', [
        each(
          ({ items }) => items,
          group<Recipient['items'][number]>('detalle', [
            text('codigoInterno', ({ mainCode }) => mainCode),
            text('codigoAdicional', ({ auxiliaryCode }) => auxiliaryCode),
            text('descripcion', ({ description }) => description),
            text('cantidad', ({ quantity }) => toQuantity(quantity)),
            additionalDetails,
          ]),
        ),
      ]),
    ]),
  ),
]);

function checkRecipient(
  { support, items }: Recipient,
  path: string,
  { issueDate }: CheckOptions,
  report: Report,
): void {
  if (support !== undefined) {
    checkCode(support.documentType, `${path}.support.documentType`, SUPPORT_DOCUMENTS, issueDate, report);
    if (isoDateOf(support.issueDate) > isoDateOf(issueDate))
      report(`${path}.support.issueDate`, `must not be after ${issueDate}`, support.issueDate);
  }
  items.forEach(({ quantity }, index) => {
    if (!isDecimal(quantity, 12, 6))
      report(`${path}.items[${index}].quantity`, 'must be a number with up to 12 digits and 6 decimals', quantity);
  });
}

/**
 * Accompanies goods that are transported, and must be transmitted before they leave (ficha técnica 2.34, anexo 5; message 82). It
 * amounts to nothing. Of the parties only the carrier has a kind of identification: the document is made out to it, and
 * it gets the mail.
 */
export const guiaRemision: DocumentTypeRow<GuiaBody> = {
  ...type,
  body,
  amountless: true,
  example: {
    documentType: '06',
    carrier: { idType: '04', id: '1793213150001', name: 'Transportes Andinos S.A.', email: 'guias@example.com' },
    plate: 'PBA1234',
    startAddress: 'Av. Amazonas N21-147, Quito',
    startDate: '25/11/2026',
    endDate: '26/11/2026',
    recipients: [
      {
        id: '1710034065',
        name: 'Juan Pérez',
        address: 'Malecón 100, Guayaquil',
        reason: 'Venta',
        items: [{ mainCode: 'CAFE', description: 'Café 500 g', quantity: '40' }],
      },
    ],
  },
  party: ({ carrier }) => carrier,
  check: (guia, options) =>
    problemsOf((report) => {
      checkTexts(guia, report);
      checkParty(guia.carrier, 'carrier', NAMED_ID_TYPES, options.issueDate, report);
      if (isoDateOf(guia.startDate) < isoDateOf(options.issueDate))
        report(
          'startDate',
          `must not be before ${options.issueDate}: a guía is issued before the transport`,
          guia.startDate,
        );
      if (isoDateOf(guia.endDate) < isoDateOf(guia.startDate))
        report('endDate', `must not be before ${guia.startDate}, when the transport starts`, guia.endDate);
      guia.recipients.forEach((entry, index) => checkRecipient(entry, `recipients[${index}]`, options, report));
      checkAdditionalInfo(guia, options, report);
    }),
  totals: (): DocumentTotals => ({ total: '0.00' }),
  write: documentWriter(type, [info, recipients]),
  view: guiaView,
};
