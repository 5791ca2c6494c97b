import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiDeps, createApp } from './app.ts';
import type { Route } from './route.ts';
import { refuseUnreadable } from './unreadable.ts';

const HEADERS_MS = 15_000;
/** To send a whole request, certificate and all. */
const REQUEST_MS = 60_000;
/** Longer than the idle time of usual load balancers, so that it is they who close. */
const KEEP_ALIVE_MS = 75_000;

export interface RunningApi {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  url: string;
  /** Has load balancers look elsewhere, and callers open new connections for what they ask next. */
  drain(): void;
  /** Takes no new connections, and resolves when the last request has been answered. */
  close(): Promise<void>;
}

/** Listens; port 0 takes any free one. @throws when the port is taken */
export async function startApi(
  deps: ApiDeps,
  { host, port }: { host: string; port: number },
  table?: readonly Route[],
): Promise<RunningApi> {
  const { app, health } = createApp(deps, table);
  const handle = app.callback();
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => void handle(request, response),
  );
  server.on('clientError', refuseUnreadable(deps.config.publicUrl));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, port: bound, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    drain: () => health.close(),
    close() {
      health.close();
      return closeServer(server);
    },
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  });
}
