import { X509Certificate } from 'node:crypto';
import { expect } from 'vitest';
import { Logo } from '../../domain/store/entities/issuer.ts';
import { png } from './pictures.ts';
import { type Answer, P12_PASSWORD, type Shop, SHOP_RUC } from './shop.ts';
import type { Stack } from './stack.ts';

export const PNG = png(1, 1);

/** A multipart form of texts and files. */
export function formOf(fields: Record<string, string>, files: Record<string, Buffer> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const [name, bytes] of Object.entries(files)) form.set(name, new Blob([new Uint8Array(bytes)]), name);
  return form;
}

/** A certificate with the password that opens it, and other fields. */
export const certificateForm = (cert: Buffer, fields: Record<string, string> = {}): FormData =>
  formOf({ certPassword: P12_PASSWORD, ...fields }, { cert });

/** The statuses of many answers, sorted. */
export const statusesOf = (answers: Answer[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

/** What tests do with the issuers of one shop. */
export function branchesOf(stack: Stack, shop: Shop) {
  /** `POST /v1/issuers` for `002-001` and the like. */
  function open(number: string, fields: Record<string, string> = {}, files?: Record<string, Buffer>): Promise<Answer> {
    const [branchCode = '', issuePointCode = ''] = number.split('-');
    return shop.post('/v1/issuers', formOf({ branchCode, issuePointCode, ...fields }, files));
  }

  /** A sale at one of the issuers. */
  const sellAt = (issuerId: string): Promise<Answer> => shop.sell({}, { 'x-issuer-id': issuerId });

  return {
    open,
    sellAt,

    /** The id of a new issuer. */
    async opened(number: string, fields: Record<string, string> = {}): Promise<string> {
      const made = await open(number, fields);
      expect(made.status).toBe(201);
      return made.body.issuer.id;
    },

    /** The number of a new sale. */
    async numberAt(issuerId: string): Promise<number> {
      const sold = await sellAt(issuerId);
      expect(sold.status).toBe(201);
      return Number(sold.body.document.sequential);
    },

    issueCertificate: (options: { ruc?: string; notAfter?: Date } = {}): Buffer =>
      stack.authority.issue({ ruc: SHOP_RUC, commonName: 'RENOVADO', password: P12_PASSWORD, ...options }),

    /** Fingerprint of the certificate in the signature of an issuer's document. */
    async signerOf({ body: { document } }: Answer, issuerId: string): Promise<string> {
      const answer = await shop.get(`/v1/documents/${document.accessKey}/xml`, { 'x-issuer-id': issuerId });
      const base64 = /<ds:X509Certificate>([^<]+)</.exec(answer.bytes.toString())?.[1] ?? '';
      return new X509Certificate(Buffer.from(base64, 'base64')).fingerprint256.replaceAll(':', '').toLowerCase();
    },

    logoOf: (issuerId: string): Promise<Logo | null> => stack.store.asSystem((em) => em.findOne(Logo, { issuerId })),
  };
}
