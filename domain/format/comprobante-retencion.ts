import { z } from 'zod';
import { checkAdditionalInfo, checkParty, checkSum, checkTexts, NAMED_ID_TYPES, problemsOf } from '../model/checks.ts';
import type { DocumentTotals } from '../model/document.ts';
import { sum } from '../model/money.ts';
import { digits } from './body-fields.ts';
import { additionalInfo, PartyIn } from './body-parts.ts';
import { group, text } from './canonical-xml.ts';
import type { DocumentTypeRow, WriteInput } from './document-type.ts';
import { documentWriter, requiredAccounting, specialTaxpayer } from './elements.ts';
import { retencionView } from './ride/retencion-view.ts';
import {
  checkSupport,
  checkSupportAmounts,
  type ComputedRetention,
  computeSupport,
  SupportIn,
  supportList,
} from './supported-retentions.ts';

const type = {
  code: '07',
  id: 'ComprobanteRetencion',
  name: 'Comprobante de retención',
  root: 'comprobanteRetencion',
  versions: ['2.0.0'],
} as const;

const body = z.strictObject({
  documentType: z.literal('07').meta({ description: '07 comprobante de retención.' }),
  version: z.enum(type.versions).exactOptional().meta({ description: "Of SRI's format." }),
  subject: PartyIn.meta({ description: 'From whom tax is withheld; the issuer itself in an autorretención.' }),
  subjectType: digits(2)
    .exactOptional()
    .meta({ description: '01 person, 02 company; for a subject with a foreign id.', example: '02' }),
  relatedParty: z.boolean().default(false).meta({ description: 'Whether the subject is a related party (parteRel).' }),
  fiscalPeriod: z
    .string()
    .regex(/^(0[1-9]|1[0-2])\/20\d\d$/, 'must be a month, MM/YYYY')
    .meta({ example: '11/2026' }),
  supportDocuments: z.array(SupportIn).min(1),
  additionalInfo,
});

/** Tax that is withheld from what is paid. */
export type RetencionBody = z.output<typeof body>;

interface RetencionTotals extends DocumentTotals {
  retentions: ComputedRetention[];
}

type Input = WriteInput<RetencionBody, RetencionTotals>;

const info = group<Input>('infoCompRetencion', [
  text('fechaEmision', ({ head }) => head.issueDate),
  text('dirEstablecimiento', ({ issuer }) => issuer.branchAddress),
  specialTaxpayer,
  requiredAccounting,
  text('tipoIdentificacionSujetoRetenido', (input) => input.body.subject.idType),
  text('tipoSujetoRetenido', (input) => input.body.subjectType),
  text('parteRel', (input) => (input.body.relatedParty ? 'SI' : 'NO')),
  text('razonSocialSujetoRetenido', (input) => input.body.subject.name),
  text('identificacionSujetoRetenido', (input) => input.body.subject.id),
  text('periodoFiscal', (input) => input.body.fiscalPeriod),
]);

/** Its schema takes no longer resolution of a contribuyente especial. */
const LONGEST_RESOLUTION = 5;

function totals({ supportDocuments }: Pick<RetencionBody, 'supportDocuments'>): RetencionTotals {
  const retentions = supportDocuments.flatMap((support) => computeSupport(support).retentions);
  return { retentions, total: sum(retentions.map(({ amount }) => amount)).toFixed(2) };
}

/**
 * What is withheld of income tax, IVA and ISD from purchases (ficha técnica 2.34, anexo 21, format 2.0.0). In an autorretención the
 * subject is the issuer itself, and the document supports itself.
 */
export const comprobanteRetencion: DocumentTypeRow<RetencionBody, RetencionTotals> = {
  ...type,
  body,
  example: {
    documentType: '07',
    subject: { idType: '04', id: '1793213150001', name: 'Comercial Andina S.A.', email: 'pagos@example.com' },
    fiscalPeriod: '11/2026',
    supportDocuments: [
      {
        supportType: '01',
        documentType: '01',
        number: '001-001-000000123',
        issueDate: '20/11/2026',
        authorization: '2011202601179321315000110010010000001231234567811',
        subtotal: '100.00',
        taxes: [{ code: '2', rateCode: '4', rate: '15', taxableBase: '100.00', taxAmount: '15.00' }],
        retentions: [
          { tax: '1', code: '312', rate: '2', base: '100.00' },
          { tax: '2', code: '1', rate: '30', base: '15.00' },
        ],
        payments: [{ method: '20', total: '115.00' }],
      },
    ],
  },
  party: ({ subject }) => subject,
  check: (retention, options) =>
    problemsOf(
      (report) => {
        const { subject, subjectType, supportDocuments } = retention;
        checkTexts(retention, report);
        checkParty(subject, 'subject', NAMED_ID_TYPES, options.issueDate, report);
        if (subjectType !== undefined && !/^0[12]$/.test(subjectType))
          report('subjectType', 'must be 01 (person) or 02 (company)', subjectType);
        if (subject.idType === '08' && subjectType === undefined)
          report('subjectType', 'is mandatory for a subject with a foreign id');
        if ((options.issuer.specialTaxpayer ?? '').length > LONGEST_RESOLUTION)
          report('general', 'A comprobante de retención takes a resolution number of 3 to 5 characters only.');
        const itself = subject.id === options.issuer.ruc;
        supportDocuments.forEach((support, index) =>
          checkSupport(support, `supportDocuments[${index}]`, { issueDate: options.issueDate, itself }, report),
        );
        checkAdditionalInfo(retention, options, report);
      },
      (report) => {
        retention.supportDocuments.forEach((support, index) =>
          checkSupportAmounts(support, `supportDocuments[${index}]`, report),
        );
        checkSum('supportDocuments', totals(retention).total, report);
      },
    ),
  totals,
  write: documentWriter(type, [info, supportList]),
  view: retencionView,
};
