import Koa from 'koa';
import type { Logger } from 'pino';
import type { Config } from '../domain/config.ts';
import type { Sealer } from '../domain/store/sealing.ts';
import type { Store } from '../domain/store/store.ts';
import type { DocumentProcess } from './document-process.ts';
import { createHealth, type Health } from './health.ts';
import { accessLog } from './middleware/access-log.ts';
import { errorFacts, problemAnswers } from './middleware/problem-answers.ts';
import { requestId } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import type { Services } from './route.ts';
import { routes } from './routes.ts';
import { createRouter, refuseUnknown, type RequestState } from './serve.ts';

/** What the HTTP edge works with; made once a process. */
export interface ApiDeps {
  config: Pick<Config, 'publicUrl' | 'appEnv' | 'providerRuc' | 'finalConsumerLimit' | 'webhookAllowLoopback'>;
  store: Store;
  sealer: Sealer;
  process: DocumentProcess;
  log: Logger;
  clock?: () => Date;
}

/** The HTTP edge, not listening yet. */
export function createApp(deps: ApiDeps): { app: Koa<RequestState>; health: Health } {
  const { config, store, sealer, process, log, clock = () => new Date() } = deps;
  const publicUrl = config.publicUrl.replace(/\/+$/, '');
  const { appEnv, providerRuc, finalConsumerLimit, webhookAllowLoopback } = config;
  const health = createHealth(store, process);
  const services: Services = {
    documents: { store, appEnv, finalConsumerLimit, clock, ...(providerRuc === undefined ? {} : { providerRuc }) },
    tenants: { store, sealer, appEnv, publicUrl, webhookAllowLoopback, clock },
    process,
    health,
    warn: (message, error) => log.warn({ error: errorFacts(error) }, message),
  };
  const app = new Koa<RequestState>();
  // Whatever is thrown has been answered below; what is left is a connection that broke while the answer was written.
  app.on('error', (error: unknown) => log.debug({ error: errorFacts(error) }, 'connection failed'));
  const router = createRouter(routes, services);
  app.use(async (ctx, next) => {
    await next();
    // The server closes idle connections once; those that were busy then are to end with their answer.
    if (health.closing()) ctx.set('Connection', 'close');
  });
  app.use(requestId);
  app.use(accessLog(log));
  app.use(securityHeaders(publicUrl));
  app.use(problemAnswers({ publicUrl, log }));
  app.use(router.routes());
  app.use(refuseUnknown(router));
  return { app, health };
}
