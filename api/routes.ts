import { batchRoutes } from './resources/batches.ts';
import { catalogRoutes } from './resources/catalogs.ts';
import { adminIssuerRoutes } from './resources/admin-issuers.ts';
import { adminEncryptionRoutes } from './resources/admin-encryption.ts';
import { adminServiceRoutes } from './resources/admin-service.ts';
import { adminStuckRoutes } from './resources/admin-stuck.ts';
import { adminTenantRoutes } from './resources/admin-tenants.ts';
import { certificateRoutes } from './resources/certificates.ts';
import { creditNoteRoutes } from './resources/credit-notes.ts';
import { documentFileRoutes } from './resources/document-files.ts';
import { documentListRoutes } from './resources/document-lists.ts';
import { documentMailRoutes } from './resources/document-mail.ts';
import { documentStepRoutes } from './resources/document-steps.ts';
import { documentRoutes } from './resources/documents.ts';
import { issuerSettingRoutes } from './resources/issuer-settings.ts';
import { issuerRoutes } from './resources/issuers.ts';
import { keyRoutes } from './resources/keys.ts';
import { notificationRoutes } from './resources/notifications.ts';
import { registrationRoutes } from './resources/registration.ts';
import { serviceRoutes } from './resources/service.ts';
import { sriRoutes } from './resources/sri.ts';
import { tenantRoutes } from './resources/tenants.ts';
import { webhookDeliveryRoutes } from './resources/webhook-deliveries.ts';
import { webhookRoutes } from './resources/webhooks.ts';
import type { Route } from './route.ts';

/** Every operation of this API. Router, OpenAPI document, docs page and contract tests come from this table. */
export const routes: readonly Route[] = [
  ...registrationRoutes,
  ...tenantRoutes,
  ...issuerRoutes,
  ...issuerSettingRoutes,
  ...keyRoutes,
  // Before a document by its key, for which `stats` would be taken.
  ...documentListRoutes,
  ...documentRoutes,
  ...documentStepRoutes,
  ...documentFileRoutes,
  ...documentMailRoutes,
  ...creditNoteRoutes,
  ...batchRoutes,
  ...notificationRoutes,
  ...webhookRoutes,
  ...webhookDeliveryRoutes,
  ...certificateRoutes,
  ...sriRoutes,
  ...catalogRoutes,
  ...adminTenantRoutes,
  ...adminIssuerRoutes,
  ...adminEncryptionRoutes,
  ...adminServiceRoutes,
  ...adminStuckRoutes,
  ...serviceRoutes(() => routes),
];
