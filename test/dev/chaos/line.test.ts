import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Line, openLine } from '../../../dev/chaos/line.ts';

let echo: Server;
let line: Line;

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  line = await openLine((echo.address() as AddressInfo).port);
});

afterEach(() => {
  line.close();
  echo.close();
});

function call(): Socket {
  const socket = connect(line.port, '127.0.0.1');
  socket.on('error', () => {});
  return socket;
}

async function says(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [piece] = (await once(socket, 'data')) as [Buffer];
  return piece.toString();
}

/** `once` would reject with the reset that is expected here. */
function closed(socket: Socket): Promise<'closed'> {
  return new Promise((resolve) => socket.once('close', () => resolve('closed')));
}

/** What comes of a question within a moment. */
async function answerOf(socket: Socket): Promise<string> {
  const answer = new Promise<string>((resolve) => socket.once('data', (piece: Buffer) => resolve(piece.toString())));
  socket.write('anybody?');
  return Promise.race([answer, closed(socket), delay(300, 'silence')]);
}

describe('a line', () => {
  it('carries what is said both ways', async () => {
    expect(await says(call(), 'hello')).toBe('hello');
  });

  it('that is cut ends its connections and takes no new ones, until it is healed', async () => {
    const before = call();
    expect(await says(before, 'hello')).toBe('hello');
    const ended = closed(before);
    line.trouble('cut');
    await ended;
    expect(await answerOf(call())).toBe('closed');
    expect(line.met()).toBeGreaterThanOrEqual(2);
    line.heal();
    expect(await says(call(), 'again')).toBe('again');
  });

  it('that is slow delivers late', async () => {
    const socket = call();
    line.trouble('slow', 150);
    const began = performance.now();
    expect(await says(socket, 'hello')).toBe('hello');
    // There and back.
    expect(performance.now() - began).toBeGreaterThan(250);
  });

  it('that is half-open takes connections, and those never hear a word again, healed or not', async () => {
    const before = call();
    expect(await says(before, 'hello')).toBe('hello');
    line.trouble('half-open');
    expect(await answerOf(before)).toBe('silence');
    const during = call();
    expect(await answerOf(during)).toBe('silence');
    line.heal();
    expect(await says(call(), 'again')).toBe('again');
    expect(await Promise.all([answerOf(before), answerOf(during)])).toEqual(['silence', 'silence']);
  });
});
