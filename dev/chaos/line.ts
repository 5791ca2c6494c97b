import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';

/**
 * `cut`: connections are reset, new ones too; `slow`: what is said comes late; `half-open`: connections are taken, and
 * neither they nor those that there were ever hear another word, nor that they are over.
 */
export type LineTrouble = 'cut' | 'slow' | 'half-open';

/** A way over loopback from one program to another, on which things can go wrong. */
export interface Line {
  port: number;
  /** From now on, until `heal`; a slow one holds each piece back for `delayMs`. */
  trouble(kind: LineTrouble, delayMs?: number): void;
  /** For new connections. Those that fell silent stay so: it is for whoever holds them to notice. */
  heal(): void;
  /** Connections that have met the trouble since it began. */
  met(): number;
  close(): void;
}

/** Opens a line to a port of this machine; the port may be one where nobody listens yet. */
export async function openLine(farPort: number): Promise<Line> {
  const sockets = new Set<Socket>();
  /** Those that will hear no more. */
  const silent = new WeakSet<Socket>();
  let kind: LineTrouble | 'none' = 'none';
  let delay = 0;
  let met = 0;

  const server = createServer((near) => {
    hold(near);
    if (kind !== 'none') met++;
    if (kind === 'cut') near.resetAndDestroy();
    else if (kind === 'half-open') silent.add(near);
    else join(near, connect(farPort, '127.0.0.1'));
  });

  function hold(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  }

  function join(near: Socket, far: Socket): void {
    hold(far);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.pipe(passage(from)).pipe(to);
      from.once('close', () => to.destroy());
    }
  }

  const passage = (from: Socket) =>
    new Transform({
      transform(piece: Buffer, _encoding, done: TransformCallback) {
        if (silent.has(from)) return;
        if (kind === 'slow') setTimeout(() => done(null, piece), delay);
        else done(null, piece);
      },
    });

  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    trouble(next, delayMs = 0) {
      [kind, delay, met] = [next, delayMs, sockets.size];
      for (const socket of sockets) {
        if (kind === 'cut') socket.resetAndDestroy();
        else if (kind === 'half-open') silent.add(socket);
      }
    },
    heal() {
      kind = 'none';
    },
    met: () => met,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
