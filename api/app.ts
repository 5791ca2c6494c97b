import Koa from 'koa';
import type { Logger } from 'pino';
import type { Config } from '../domain/config.ts';
import { documentContextOf } from '../domain/documents/context.ts';
import type { Sealer } from '../domain/store/sealing.ts';
import type { Store } from '../domain/store/store.ts';
import { ADMIN_BOUNDS, Admission, type Bounds, TENANT_BOUNDS } from './admission.ts';
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
import { createRateLimits, NO_LIMITS, rememberGuesses } from './rate-limits.ts';
import { createRouter, type Edge, refuseUnknown, type RequestState } from './serve.ts';
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
  /** Connections of their own for administration and health, which get in when nobody else does; else they share. */
  reserve?: Store;
  sealer: Sealer;
  process: DocumentProcess;
  tenantProcess: TenantProcess;
  log: Logger;
  clock?: () => Date;
  /** How much is taken on at once, where that differs. */
  bounds?: { tenants: Bounds; admin: Bounds };
}

/** The HTTP edge, not listening yet. */
export function createApp(deps: ApiDeps, table: readonly Route[] = routes): { app: Koa<RequestState>; health: Health } {
  const { config, store, sealer, process, tenantProcess, log, clock = () => new Date() } = deps;
  const { reserve = store, bounds = { tenants: TENANT_BOUNDS, admin: ADMIN_BOUNDS } } = deps;
  const { appEnv, publicUrl, webhookAllowLoopback } = config;
  const health = createHealth(reserve, process);
  const isAdminSecret = secretCheck(config.adminSecret);
  const guessed = rememberGuesses();

  function edge(connections: Store, bound: Bounds): Edge {
    const admission = new Admission(bound);
    const services: Services = {
      documents: documentContextOf(config, connections, clock),
      tenants: { store: connections, sealer, appEnv, publicUrl, webhookAllowLoopback, clock },
      process,
      tenantProcess,
      health,
      isAdminSecret,
      aside: (wait) => admission.aside(wait),
      warn: (message, error) => log.warn({ error: errorFacts(error) }, message),
    };
    const limits = config.rateLimits ? createRateLimits(connections, guessed) : NO_LIMITS;
    return { services, limits, admission };
  }

  const [forTenants, forAdmin] = [edge(store, bounds.tenants), edge(reserve, bounds.admin)];
  const router = createRouter(table, ({ auth }) => (auth === 'admin' ? forAdmin : forTenants));
  const app = new Koa<RequestState>({ proxy: config.trustProxy > 0, maxIpsCount: config.trustProxy });
  // Whatever is thrown has been answered below; what is left is a connection that broke while the answer was written.
  app.on('error', (error: unknown) => log.debug({ error: errorFacts(error) }, 'connection failed'));
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
