import type { NotificationType } from '../store/entities/delivery.ts';
import type { Language } from '../store/entities/tenant.ts';

/** What happens to documents; several of them may share one notification. */
export type DocumentNews = Extract<
  NotificationType,
  | 'DOCUMENT_AUTHORIZED'
  | 'DOCUMENT_RETURNED'
  | 'DOCUMENT_NOT_AUTHORIZED'
  | 'SRI_SUBMISSION_FAILED'
  | 'EMAIL_DELIVERY_FAILED'
>;

interface DocumentText {
  title: string;
  one: (number: string) => string;
  /** `number`: the last one's. */
  several: (count: number, number: string) => string;
}

/** Numbers are such as `001-001-000000123`. */
export const DOCUMENT_TEXTS: Record<DocumentNews, Record<Language, DocumentText>> = {
  DOCUMENT_AUTHORIZED: {
    es: {
      title: 'Comprobante autorizado',
      one: (number) => `El SRI autorizó el comprobante ${number}.`,
      several: (count, number) => `El SRI autorizó ${count} comprobantes; el último es el ${number}.`,
    },
    en: {
      title: 'Document authorized',
      one: (number) => `SRI authorized document ${number}.`,
      several: (count, number) => `SRI authorized ${count} documents; the last one is ${number}.`,
    },
  },
  DOCUMENT_RETURNED: {
    es: {
      title: 'Comprobante devuelto',
      one: (number) => `El SRI devolvió el comprobante ${number}. Corríjalo y vuelva a enviarlo.`,
      several: (count, number) => `El SRI devolvió ${count} comprobantes; el último es el ${number}.`,
    },
    en: {
      title: 'Document returned',
      one: (number) => `SRI returned document ${number}. Correct it and send it again.`,
      several: (count, number) => `SRI returned ${count} documents; the last one is ${number}.`,
    },
  },
  DOCUMENT_NOT_AUTHORIZED: {
    es: {
      title: 'Comprobante no autorizado',
      one: (number) => `El SRI no autorizó el comprobante ${number}. Corríjalo y vuelva a enviarlo.`,
      several: (count, number) => `El SRI no autorizó ${count} comprobantes; el último es el ${number}.`,
    },
    en: {
      title: 'Document not authorized',
      one: (number) => `SRI did not authorize document ${number}. Correct it and send it again.`,
      several: (count, number) => `SRI did not authorize ${count} documents; the last one is ${number}.`,
    },
  },
  SRI_SUBMISSION_FAILED: {
    es: {
      title: 'El SRI no responde',
      one: (number) =>
        `El SRI no responde desde hace varios minutos. El comprobante ${number} espera y seguirá por sí solo.`,
      several: (count, number) =>
        `El SRI no responde. Esperan ${count} comprobantes, el último es el ${number}; seguirán por sí solos.`,
    },
    en: {
      title: 'SRI does not answer',
      one: (number) => `SRI has not answered for some minutes. Document ${number} waits and will go on by itself.`,
      several: (count, number) =>
        `SRI does not answer. ${count} documents wait, the last one is ${number}; they will go on by themselves.`,
    },
  },
  EMAIL_DELIVERY_FAILED: {
    es: {
      title: 'No se pudo entregar el correo',
      one: (number) => `El correo con el comprobante ${number} no se pudo entregar al comprador.`,
      several: (count, number) =>
        `No se pudieron entregar ${count} correos con comprobantes; el último es el del ${number}.`,
    },
    en: {
      title: 'A mail could not be delivered',
      one: (number) => `The mail with document ${number} could not be delivered to the buyer.`,
      several: (count, number) => `${count} mails with documents could not be delivered; the last one has ${number}.`,
    },
  },
};

/** `threshold`: percent. */
export const QUOTA_TEXTS: Record<
  Language,
  (facts: { threshold: number; count: number; quota: number }) => { title: string; message: string }
> = {
  es: ({ threshold, count, quota }) => ({
    title: threshold === 100 ? 'Se usaron todos los comprobantes del plan' : `Se usó el ${threshold} % del plan`,
    message:
      threshold === 100
        ? `Se emitieron los ${quota} comprobantes del plan. Para emitir más se necesita un plan mayor.`
        : `Se emitieron ${count} de los ${quota} comprobantes del plan.`,
  }),
  en: ({ threshold, count, quota }) => ({
    title: threshold === 100 ? "The plan's documents are used up" : `${threshold} % of the plan is used`,
    message:
      threshold === 100
        ? `All ${quota} documents of the plan have been issued. To issue more, a larger plan is needed.`
        : `${count} of the plan's ${quota} documents have been issued.`,
  }),
};

/** Numbers of lines. */
export const BATCH_TEXTS: Record<
  Language,
  (facts: { total: number; issued: number; refused: number }) => { title: string; message: string }
> = {
  es: ({ total, issued, refused }) => ({
    title: 'Lote terminado',
    message: `De las ${total} líneas del lote se emitieron ${issued} y se rechazaron ${refused}.`,
  }),
  en: ({ total, issued, refused }) => ({
    title: 'Batch completed',
    message: `Of the batch's ${total} lines ${issued} were issued and ${refused} were refused.`,
  }),
};

/** Why an endpoint was switched off. */
export type DisabledReason = 'GONE' | 'FAILING';

/** `host`: of the endpoint's URL. */
export const ENDPOINT_TEXTS: Record<
  Language,
  (facts: { reason: DisabledReason; host: string }) => { title: string; message: string }
> = {
  es: ({ reason, host }) => ({
    title: 'Webhook desactivado',
    message:
      reason === 'GONE'
        ? `El receptor en ${host} respondió 410 (Gone) y no se le envía nada más. Puede activarlo de nuevo.`
        : `El receptor en ${host} falla desde hace cinco días y no se le envía nada más. Corríjalo y actívelo de nuevo.`,
  }),
  en: ({ reason, host }) => ({
    title: 'Webhook switched off',
    message:
      reason === 'GONE'
        ? `The receiver at ${host} answered 410 (Gone) and gets nothing more. It can be activated again.`
        : `The receiver at ${host} has failed for five days and gets nothing more. Mend it and activate it again.`,
  }),
};
