import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { Notification, WebhookDelivery, WebhookEndpoint } from '../store/entities/delivery.ts';
import { Document } from '../store/entities/document.ts';
import { type Language, Tenant } from '../store/entities/tenant.ts';
import { documentNumber } from './summary.ts';

type OutcomeType = 'DOCUMENT_AUTHORIZED' | 'DOCUMENT_RETURNED' | 'DOCUMENT_NOT_AUTHORIZED';

const TEXTS: Record<OutcomeType, Record<Language, { title: string; message: (number: string) => string }>> = {
  DOCUMENT_AUTHORIZED: {
    es: { title: 'Comprobante autorizado', message: (number) => `El SRI autorizó el comprobante ${number}.` },
    en: { title: 'Document authorized', message: (number) => `SRI authorized document ${number}.` },
  },
  DOCUMENT_RETURNED: {
    es: {
      title: 'Comprobante devuelto',
      message: (number) => `El SRI devolvió el comprobante ${number}. Corríjalo y vuelva a enviarlo.`,
    },
    en: {
      title: 'Document returned',
      message: (number) => `SRI returned document ${number}. Correct it and send it again.`,
    },
  },
  DOCUMENT_NOT_AUTHORIZED: {
    es: {
      title: 'Comprobante no autorizado',
      message: (number) => `El SRI no autorizó el comprobante ${number}. Corríjalo y vuelva a enviarlo.`,
    },
    en: {
      title: 'Document not authorized',
      message: (number) => `SRI did not authorize document ${number}. Correct it and send it again.`,
    },
  },
};

/** Writes the notification of a document's outcome, and one delivery for each webhook endpoint that wants it. */
export async function notify(em: EntityManager, documentId: string, type: OutcomeType): Promise<void> {
  const document = await em.findOneOrFail(Document, documentId, { refresh: true });
  const { tenantId, issuerId } = document;
  const { language } = await em.findOneOrFail(Tenant, tenantId);
  const number = documentNumber(document.accessKey);
  const text = TEXTS[type][language];
  const createdAt = new Date();
  const about = {
    accessKey: document.accessKey,
    sequential: number,
    buyerName: document.buyerName,
    buyerId: document.buyerId,
    total: document.total,
    issueDate: document.issueDate,
    ...(document.authorizationNumber ? { authorizationNumber: document.authorizationNumber } : {}),
    ...(type === 'DOCUMENT_AUTHORIZED' ? {} : { sriMessages: document.sriMessages }),
  };
  const notification = {
    id: v7(),
    type,
    severity: type === 'DOCUMENT_AUTHORIZED' ? ('INFO' as const) : ('ERROR' as const),
    title: text.title,
    message: text.message(number),
    metadata: { documents: [about], count: 1 },
    issuerId,
    readAt: null,
    expiresAt: null,
    createdAt,
  };
  em.create(Notification, { ...notification, tenantId, documentId });
  const body = JSON.stringify({ type, timestamp: createdAt.toISOString(), data: notification, tenantId });
  const endpoints = await em.find(WebhookEndpoint, { tenantId, active: true });
  for (const endpoint of endpoints) {
    if (endpoint.eventTypes.length > 0 && !endpoint.eventTypes.includes(type)) continue;
    em.create(WebhookDelivery, { tenantId, endpointId: endpoint.id, documentId, type, body, status: 'PENDING' });
  }
  await em.flush();
}
