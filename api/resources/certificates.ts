import { z } from 'zod';
import { inspectInThread } from '../../domain/certificates/certificate-thread.ts';
import type { InspectedCertificate, Inspection } from '../../domain/certificates/inspect.ts';
import { NOT_CHOSEN_WORDS, PROBLEM_CODES, PROBLEM_WORDS } from '../../domain/certificates/problems.ts';
import type { Language } from '../../domain/store/entities/tenant.ts';
import { certPassword, digits, instant, ok, p12File } from '../fields.ts';
import { route } from '../route.ts';

const InspectIn = z
  .strictObject({
    certPassword,
    ruc: digits(13).exactOptional().meta({ description: 'Whom it should be for.', example: '1790012345001' }),
  })
  .meta({ id: 'InspectCertificateIn' });

const CertificateOut = z
  .object({
    fingerprint: z.string().meta({ description: 'SHA-256, hexadecimal.' }),
    subject: z.string(),
    issuer: z.string(),
    serial: z.string().meta({ description: 'Decimal.' }),
    authority: z.string().exactOptional().meta({ description: 'One of Ecuador’s that are known here.' }),
    ruc: z.string().exactOptional(),
    cedula: z.string().exactOptional(),
    notBefore: instant(),
    notAfter: instant(),
    keyUsage: z.array(z.string()).meta({ description: 'Empty: the certificate does not restrict its use.' }),
    key: z.string().meta({ description: 'Kind, and bits of those that have them.', example: 'rsa 2048' }),
    isAuthority: z.boolean(),
    hasKey: z.boolean().meta({ description: 'Its private key is in the file.' }),
    signs: z.boolean().meta({ description: 'Documents would be signed with it.' }),
    why: z.string().exactOptional().meta({ description: 'Why they would not.' }),
  })
  .meta({ id: 'InspectedCertificate' });

const InspectionOut = z
  .object({
    ok,
    usable: z.boolean().meta({ description: 'Documents can be signed with it today.' }),
    opened: z.boolean().meta({ description: 'It is a certificate file, and the password opens it.' }),
    protection: z
      .object({ mac: z.string().nullable(), ciphers: z.array(z.string()) })
      .meta({ description: 'Digest of the MAC, and the ciphers of the file.' }),
    ruc: z.string().nullable().meta({ description: 'Whose documents it signs; a person’s is the cédula and 001.' }),
    daysLeft: z.int().nullable().meta({ description: 'Days of the calendar until the signing certificate ends.' }),
    probe: z
      .object({ sha1: z.boolean(), sha256: z.boolean() })
      .nullable()
      .meta({ description: 'Whether a document that was signed with it for a probe has been verified.' }),
    certificates: z.array(CertificateOut),
    problems: z.array(
      z.object({
        code: z.enum(PROBLEM_CODES).meta({ description: 'Stable.' }),
        severity: z.enum(['error', 'warning']),
        message: z.string(),
        remedy: z.string(),
      }),
    ),
  })
  .meta({ id: 'CertificateInspection' });

export const certificateRoutes = [
  route({
    method: 'post',
    path: '/v1/certificates/inspect',
    operationId: 'inspectCertificate',
    tag: 'Certificates',
    summary: 'See what a certificate file is good for',
    description:
      'What is inside, which key would sign and why, whose it is, for how long it is valid, and what is wrong, in plain words by `Accept-Language`. A file that is no good is answered too. Nothing is kept, and no account is needed.',
    auth: 'none',
    limit: 'inspection',
    body: { form: InspectIn, example: { ruc: '1790012345001' }, files: { cert: p12File } },
    responses: { 200: { description: 'What was found.', schema: InspectionOut } },
    errors: [],
  })(async ({ body, files, services, language }) => {
    const inspection = await inspectInThread({
      pkcs12: files['cert']!.bytes,
      password: body.certPassword,
      ruc: body.ruc,
      now: services.documents.clock(),
    });
    return { status: 200, body: inspectionOut(inspection, language) };
  }),
];

function inspectionOut(inspection: Inspection, language: Language): z.output<typeof InspectionOut> {
  const { usable, opened, mac, ciphers, ruc, daysLeft, probe, certificates, problems } = inspection;
  return {
    ok: true,
    usable,
    opened,
    protection: { mac: mac ?? null, ciphers },
    ruc: ruc ?? null,
    daysLeft: daysLeft ?? null,
    probe: probe ?? null,
    certificates: certificates.map((certificate) => certificateOut(certificate, language)),
    problems: problems.map((problem) => ({ ...problem, ...PROBLEM_WORDS[problem.code][language] })),
  };
}

function certificateOut(
  { issuerName, notBefore, notAfter, keyType, keyBits, notChosen, ...certificate }: InspectedCertificate,
  language: Language,
): z.output<typeof CertificateOut> {
  return {
    ...certificate,
    issuer: issuerName,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    key: keyBits === undefined ? keyType : `${keyType} ${keyBits}`,
    ...(notChosen === undefined ? {} : { why: NOT_CHOSEN_WORDS[notChosen][language] }),
  };
}
