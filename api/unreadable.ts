import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, PROBLEMS, problemBody } from './problems.ts';

/**
 * Answers what is no HTTP request, or one whose address and headers are too large, and closes the connection. No route
 * is known yet, nor whether the bytes so far end in a request at all; they may hold a secret, so none is repeated.
 */
export function refuseUnreadable(publicUrl: string) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const problem = problemOf(error.code);
    const { status } = PROBLEMS[problem.code];
    const body = JSON.stringify(problemBody(problem, { publicUrl, language: 'en' }));
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/problem+json',
      'Content-Language: en',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${randomUUID()}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
}

function problemOf(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('HEADERS_TOO_LARGE', { detail: 'The address and headers have 16 kB at most.' });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('BAD_REQUEST', { detail: 'The request did not arrive in time.' });
    default:
      return new Problem('BAD_REQUEST', { detail: 'This is no HTTP request.' });
  }
}
