import type { Environment } from '../../model/document.ts';
import { guayaquilTime, taxDateOfIso } from '../../model/tax-date.ts';
import { address, button, facts, mailPage, paragraph } from './layout.ts';
import { TEXTS, type MailLanguage } from './texts.ts';

export interface RenderedMail {
  subject: string;
  /** A whole page. */
  html: string;
  /** The same in plain text. */
  text: string;
}

export interface DocumentMailFacts {
  language: MailLanguage;
  issuerName: string;
  /** Such as `Factura`. */
  documentName: string;
  /** Such as `001-001-000000123`. */
  documentNumber: string;
  buyerName: string;
  /** In USD; unset for a document that amounts to nothing by its kind. */
  total?: string;
  accessKey: string;
  /** As SRI wrote it; empty when it did not. */
  authorizationDate: string;
  environment: Environment;
}

/** The mail that brings an authorized document to its buyer. */
export function documentMail(mail: DocumentMailFacts): RenderedMail {
  const { language, issuerName, accessKey, environment } = mail;
  const text = TEXTS[language].document;
  const name = `${mail.documentName} ${mail.documentNumber}`;
  const notice = environment === 'sandbox' ? text.sandboxNotice : undefined;
  const authorized =
    mail.authorizationDate === '' ? [] : [[text.authorized, shownTime(mail.authorizationDate, language)] as const];
  const total = mail.total === undefined ? [] : [[text.total, `USD ${mail.total}`] as const];
  const rows = [
    [text.document, name],
    [text.issuer, issuerName],
    ...total,
    ...authorized,
    [text.accessKey, accessKey],
  ] as const;
  const greeting = text.greeting(mail.buyerName);
  const intro = text.intro(issuerName);
  const footer = text.footer(issuerName);
  return {
    subject: `${notice === undefined ? '' : text.sandboxTag}${text.subject(name, issuerName)}`,
    html: mailPage({
      language,
      title: name,
      ...(notice === undefined ? {} : { notice }),
      body: [paragraph(greeting), paragraph(intro), facts(rows), paragraph(text.attached)],
      footer,
    }),
    text: plainText([notice, greeting, intro, shownRows(rows), text.attached, `-- \n${footer}`]),
  };
}

/** What the mail that verifies an address needs; kept sealed until it is sent, since the link is a secret. */
export interface VerificationMailContent {
  language: MailLanguage;
  businessName: string;
  /** Whole URL; following it verifies the address. */
  link: string;
}

/** The mail that asks a new tenant to confirm its address. */
export function verificationMail({ language, businessName, link }: VerificationMailContent): RenderedMail {
  const text = TEXTS[language].verification;
  const intro = text.intro(businessName);
  return {
    subject: text.subject(businessName),
    html: mailPage({
      language,
      title: text.title,
      body: [
        paragraph(intro),
        button(text.confirm, link),
        paragraph(text.copyLink),
        address(link),
        paragraph(text.limit),
      ],
      footer: text.footer,
    }),
    text: plainText([intro, `${text.confirm}:\n${link}`, text.limit, `-- \n${text.footer}`]),
  };
}

/** What the mail about a certificate that runs out needs. */
export interface CertificateMailContent {
  language: MailLanguage;
  /** Also the subject: that it expires, and when. */
  title: string;
  businessName: string;
  ruc: string;
  /** Such as `001-002`. */
  issuePoints: string[];
  /** ISO 8601, in UTC. */
  notAfter: string;
}

/** The mail that tells a tenant to renew its certificate. */
export function certificateMail(mail: CertificateMailContent): RenderedMail {
  const { language, title, businessName, ruc, issuePoints, notAfter } = mail;
  const text = TEXTS[language].certificate;
  const intro = text.intro(businessName);
  const rows = [
    [text.issuePoints, issuePoints.join(', ')],
    [text.ruc, ruc],
    [text.expires, shownTime(notAfter, language)],
  ] as const;
  return {
    subject: title,
    html: mailPage({
      language,
      title,
      body: [paragraph(intro), facts(rows), paragraph(text.advice)],
      footer: text.footer,
    }),
    text: plainText([intro, shownRows(rows), text.advice, `-- \n${text.footer}`]),
  };
}

function shownRows(rows: readonly (readonly [label: string, value: string])[]): string {
  return rows.map(([label, value]) => `${label}: ${value}`).join('\n');
}

function plainText(blocks: readonly (string | undefined)[]): string {
  return `${blocks.filter((block) => block !== undefined).join('\n\n')}\n`;
}

/** Ecuador's time to the minute; a text that is not ISO 8601 with its offset is shown as it is. */
function shownTime(text: string, language: MailLanguage): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(Date.parse(text))) return text;
  const [date, time] = guayaquilTime(new Date(text)).slice(0, 16).split('T');
  return `${language === 'es' ? taxDateOfIso(date!) : date} ${time}`;
}
