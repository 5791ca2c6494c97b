import Koa from 'koa';
import type { Logger } from 'pino';
import type { Config } from '../domain/config.ts';
import { documentContextOf } from '../domain/documents/context.ts';
import type { Sealer } from '../domain/store/sealing.ts';
import type { Store } from '../domain/store/store.ts';
import { secretCheck } from './authenticate.ts';
import type { DocumentProcess } from './document-process.ts';
import { createHealth, type Health } from './health.ts';
import { accessLog } from './middleware/access-log.ts';
import { cors } from './middleware/cors.ts';
import { errorFacts, problemAnswers } from './middleware/problem-answers.ts';
import { requestId } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import type { Route, Services } from './route.ts';
import { routes } from './routes.ts';
import { createRateLimits, NO_LIMITS } from './rate-limits.ts';
import { createRouter, refuseUnknown, type RequestState } from './serve.ts';
import type { TenantProcess } from './tenant-process.ts';

/** What the HTTP edge works with; made once a process. */
export interface ApiDeps {
  config: Pick<
    Config,
    | 'publicUrl'
    | 'adminSecret'
    | 'appEnv'
    | 'sri'
    | 'providerRuc'
    | 'finalConsumerLimit'
    | 'mailFrom'
    | 'webhookAllowLoopback'
    | 'rateLimits'
    | 'trustProxy'
    | 'corsOrigins'
  >;
  store: Store;
  sealer: Sealer;
  process: DocumentProcess;
  tenantProcess: TenantProcess;
  log: Logger;
  clock?: () => Date;
}

/** The HTTP edge, not listening yet. */
export function createApp(deps: ApiDeps, table: readonly Route[] = routes): { app: Koa<RequestState>; health: Health } {
  const { config, store, sealer, process, tenantProcess, log, clock = () => new Date() } = deps;
  const { appEnv, publicUrl, webhookAllowLoopback } = config;
  const health = createHealth(store, process);
  const services: Services = {
    documents: documentContextOf(config, store, clock),
    tenants: { store, sealer, appEnv, publicUrl, webhookAllowLoopback, clock },
    process,
    tenantProcess,
    health,
    isAdminSecret: secretCheck(config.adminSecret),
    warn: (message, error) => log.warn({ error: errorFacts(error) }, message),
  };
  const app = new Koa<RequestState>({ proxy: config.trustProxy > 0, maxIpsCount: config.trustProxy });
  // Whatever is thrown has been answered below; what is left is a connection that broke while the answer was written.
  app.on('error', (error: unknown) => log.debug({ error: errorFacts(error) }, 'connection failed'));
  const limits = config.rateLimits ? createRateLimits(store) : NO_LIMITS;
  const router = createRouter(table, { services, limits });
  app.use(async (ctx, next) => {
    await next();
    // The server closes idle connections once; those that were busy then are to end with their answer.
    if (health.closing()) ctx.set('Connection', 'close');
  });
  app.use(requestId);
  app.use(accessLog(log));
  app.use(securityHeaders(publicUrl));
  app.use(cors(config.corsOrigins));
  app.use(problemAnswers({ publicUrl, log }));
  app.use(router.routes());
  app.use(refuseUnknown(router));
  return { app, health };
}
