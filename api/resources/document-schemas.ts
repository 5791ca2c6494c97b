import { z } from 'zod';
import { NEXT } from '../../domain/sri/error-catalogue.ts';
import { documentTypes } from '../../domain/format/document-types.ts';
import type { DocumentStatus, DocumentType } from '../../domain/model/document.ts';
import { digits, instant, uuid } from '../fields.ts';

const STATUSES = [
  'CREATED',
  'SIGNED',
  'PENDING_SEND',
  'RECEIVED',
  'RETURNED',
  'AUTHORIZED',
  'NOT_AUTHORIZED',
] as const satisfies readonly DocumentStatus[];

export const Status = z.enum(STATUSES).meta({
  id: 'DocumentStatus',
  description: [
    '`CREATED`: numbered, not signed yet; a caller sees it only when signing is delayed, and it is signed by itself.',
    '`SIGNED`: waits to be sent.',
    '`PENDING_SEND`: on its way to SRI, for as long as SRI cannot be reached.',
    '`RECEIVED`: SRI has it and has not decided.',
    '`RETURNED`, `NOT_AUTHORIZED`: SRI refused it; rebuild it under the same number.',
    '`AUTHORIZED`: final.',
  ].join(' '),
});

const SriService = z
  .enum(['reception', 'authorization'])
  .meta({ description: 'The one takes documents, the other tells what was decided of them.' });

export const MessageHelpOut = z
  .object({
    cause: z.string(),
    remedy: z.string(),
    next: z.enum(NEXT).meta({
      description: [
        '`rebuild`: correct it and rebuild under the same number.',
        '`new-document`: this one cannot be mended, issue another.',
        '`wait`: nothing to do.',
        '`contact-sri`: the taxpayer has to settle something with SRI.',
        '`renew-certificate`: upload another certificate, then rebuild.',
        '`operator`: whoever runs the service has to act.',
        '`none`: a warning.',
      ].join(' '),
    }),
    fields: z.array(z.string()).meta({
      description: 'Where in the request to look, as far as SRI tells.',
      example: ['items[].taxes[].rate'],
    }),
  })
  .meta({ id: 'SriMessageHelp' });

export const SriMessageOut = z
  .object({
    identifier: z.string().meta({ description: "SRI's message number.", example: '35' }),
    message: z.string(),
    additionalInfo: z.string().exactOptional(),
    type: z.string().meta({ example: 'ERROR' }),
    help: MessageHelpOut.exactOptional().meta({
      description: 'In the language of `Accept-Language`, where the message is one of those SRI lists.',
    }),
  })
  .meta({ id: 'SriMessage' });

export const DocumentTypeCode = z
  .enum(documentTypes.map(({ code }) => code) as [DocumentType, ...DocumentType[]])
  .meta({
    description: documentTypes.map(({ code, name }) => `${code} ${name}`).join(', '),
  });

export const DocumentOut = z
  .object({
    accessKey: digits(49).meta({ example: '2511202601171003406500110010010000000011234567819' }),
    documentType: DocumentTypeCode,
    sequential: digits(9).meta({ example: '000000001' }),
    status: Status,
    issueDate: z.string().meta({ description: 'DD/MM/YYYY.', example: '25/11/2026' }),
    total: z.string().meta({ description: 'USD.', example: '10.35' }),
    buyer: z
      .object({ idType: z.string(), id: z.string(), name: z.string(), email: z.string().nullable() })
      .meta({ description: 'Whom it is made out to, whatever the type calls it.' }),
    authorizationNumber: z.string().exactOptional(),
    authorizationDate: z
      .string()
      .exactOptional()
      .meta({ description: 'As SRI wrote it, with its offset.', example: '2026-11-25T10:20:31-05:00' }),
    email: z
      .object({
        status: z.enum(['PENDING', 'SENT', 'FAILED', 'SKIPPED']),
        sentAt: instant().exactOptional(),
        error: z.string().exactOptional().meta({ description: 'Why it could not be delivered.' }),
      })
      .meta({ description: 'The mail to the buyer, with the printed form and the XML.' }),
    sriMessages: z.array(SriMessageOut).exactOptional().meta({ description: 'What SRI said last, if anything.' }),
    waitingForSri: z
      .object({ service: SriService, since: instant() })
      .exactOptional()
      .meta({ description: 'While this service of SRI is away; the document goes on by itself when it is back.' }),
    createdAt: instant(),
    updatedAt: instant(),
    requestPayload: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .meta({ description: 'The content as the caller gave it; only where one document is read.' }),
  })
  .meta({ id: 'Document' });

export const EventOut = z
  .object({
    id: uuid(),
    eventType: z.enum([
      'CREATED',
      'SENT',
      'STATUS_CHANGED',
      'REBUILT',
      'ERROR',
      'EMAIL_SENT',
      'EMAIL_FAILED',
      'EMAIL_SKIPPED',
    ]),
    fromStatus: Status.nullable(),
    toStatus: Status.nullable(),
    detail: z.record(z.string(), z.unknown()).nullable(),
    createdAt: instant(),
  })
  .meta({ id: 'DocumentEvent' });

const usd = () => z.string().meta({ description: 'USD.', example: '10.35' });

const ComputedTaxOut = z
  .object({ code: z.string(), rateCode: z.string(), rate: z.string(), base: usd(), amount: usd() })
  .meta({ id: 'ComputedTax' });

/** What the server computes; which amounts there are beside the total is the type's affair. */
export const TotalsOut = z
  .object({
    total: usd(),
    subtotal: usd().exactOptional(),
    discount: usd().exactOptional(),
    taxes: z.array(ComputedTaxOut).exactOptional().meta({ description: 'One for each tax and rate.' }),
    tip: usd().exactOptional(),
    lines: z
      .array(z.object({ net: usd(), discount: usd(), taxes: z.array(ComputedTaxOut) }))
      .exactOptional()
      .meta({ description: 'One for each item: quantity by price, less the discount.' }),
  })
  .meta({ id: 'DocumentTotals' });
