import { documentFileRoutes } from './resources/document-files.ts';
import { documentStepRoutes } from './resources/document-steps.ts';
import { documentRoutes } from './resources/documents.ts';
import { issuerRoutes } from './resources/issuers.ts';
import { registrationRoutes } from './resources/registration.ts';
import { serviceRoutes } from './resources/service.ts';
import { webhookRoutes } from './resources/webhooks.ts';
import type { Route } from './route.ts';

/** Every operation of this API. Router, OpenAPI document, docs page and contract tests come from this table. */
export const routes: readonly Route[] = [
  ...registrationRoutes,
  ...issuerRoutes,
  ...documentRoutes,
  ...documentStepRoutes,
  ...documentFileRoutes,
  ...webhookRoutes,
  ...serviceRoutes(() => routes),
];
