import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Config } from './config.ts';

/** The client's own, where the address names none. */
const DEFAULT_PORT = 7233;

/** How client and worker reach Temporal. */
export function connectionOptions({ temporal }: Config) {
  const { certPath, keyPath } = temporal;
  const pair =
    certPath !== undefined && keyPath !== undefined
      ? { clientCertPair: { crt: readFileSync(certPath), key: readFileSync(keyPath) } }
      : undefined;
  return {
    address: temporal.address,
    ...(temporal.tls ? { tls: pair ?? true } : {}),
    ...(temporal.apiKey === undefined ? {} : { apiKey: temporal.apiKey }),
  };
}

/**
 * How gRPC's JavaScript client keeps a connection: by itself it would look after half a minute whether it lives, and after
 * an outage try less and less often, up to every two minutes. The server minds questions more often than each 10 s.
 */
export const CHANNEL_ARGS = {
  'grpc.keepalive_time_ms': 15_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.max_reconnect_backoff_ms': 5_000,
};

/** Longer than it takes to hear from a connection that lives. */
const SILENT_MS = 25_000;

/**
 * Ends connections of this process to Temporal's port from which nothing has been heard for so long, or twice that. The client's own
 * keepalive begins when it has been greeted: one that is taken, and never greeted, it would wait on for ever.
 */
export function endSilentConnections(address: string, silentMs = SILENT_MS): void {
  const port = Number(/:(\d+)$/.exec(address)?.[1] ?? DEFAULT_PORT);
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    socket.once('connect', () => {
      if (socket.remotePort === port) endWhenSilent(socket, silentMs);
    });
  });
}

/** By its count of bytes, which HTTP/2 raises too; it takes no notice of a socket's own timeout. */
function endWhenSilent(socket: Socket, silentMs: number): void {
  let heard = -1;
  const timer = setInterval(() => {
    if (socket.bytesRead === heard) socket.destroy();
    heard = socket.bytesRead;
  }, silentMs).unref();
  socket.once('close', () => clearInterval(timer));
}
