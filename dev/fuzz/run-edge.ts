import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Pool } from 'undici';
import { randomOf } from './random.ts';
import { LIMIT_BYTES, MOST_FINDINGS, type Outcome, type Run } from './report.ts';
import { type Caller, EDGES, type EdgeName, type FuzzedRequest } from './requests.ts';

/** The API that is tried. */
export interface Target extends Caller {
  apiUrl: string;
  /** Its process, where its memory is to be watched. */
  pid?: number;
}

const AT_ONCE = 8;
/** A busy machine makes anything slow once. */
const TRIES = 3;
/** So long a request that may be unfinished is waited for, before its sender hangs up. */
const QUIET_MS = 150;
/** Nothing is held for so long: neither a request nor a connection that its sender has left. */
const HANG_MS = 20_000;
const LOOK_MS = 200;
const WARM_UP = 300;

interface Answer {
  /** None where the connection was closed without a word. */
  statuses: number[];
  isProblem: boolean;
}

/** Throws that many requests at the API, some at a time. */
export async function fuzzEdge(name: EdgeName, target: Target, run: Run): Promise<Outcome> {
  const { inputs, seed, limitMs } = run;
  const pool = new Pool(target.apiUrl, { connections: AT_ONCE, bodyTimeout: HANG_MS, headersTimeout: HANG_MS });
  const outcome: Outcome = { inputs: 0, taken: 0, slowestMs: 0, memoryMb: 0, findings: [] };
  let before = Infinity;
  const watch = setInterval(() => {
    if (outcome.inputs < WARM_UP) return;
    const now = memoryOf(target.pid);
    before = Math.min(before, now);
    outcome.memoryMb = Math.max(outcome.memoryMb, Math.round((now - before) / 2 ** 20));
  }, LOOK_MS);

  let next = 0;
  async function work(): Promise<void> {
    while (next < inputs && outcome.findings.length < MOST_FINDINGS) {
      const index = next++;
      const request = EDGES[name](randomOf(seed, index), target);
      const what = await examine(request);
      outcome.inputs++;
      const bytes = 'raw' in request ? request.raw : request.body;
      if (what !== undefined) outcome.findings.push({ what, index, input: bytes.toString('base64') });
    }
  }

  /** What is wrong with how a request is answered. */
  async function examine(request: FuzzedRequest): Promise<string | undefined> {
    let fastest = Infinity;
    let answer: Answer = { statuses: [], isProblem: true };
    for (let tries = 0; tries < TRIES && fastest > limitMs; tries++) {
      const began = performance.now();
      try {
        answer = 'raw' in request ? await sendRaw(target.apiUrl, request.raw) : await send(pool, request);
      } catch (error) {
        return `gets no answer (${(error as NodeJS.ErrnoException).code})`;
      }
      fastest = Math.min(fastest, performance.now() - began);
    }
    outcome.slowestMs = Math.max(outcome.slowestMs, Math.round(fastest));
    const { statuses, isProblem } = answer;
    if (statuses.some((status) => status < 400)) outcome.taken++;
    const worst = Math.max(0, ...statuses);
    if (worst >= 500) return `is answered ${worst}`;
    if (worst >= 400 && !isProblem) return `is answered ${worst} without a problem`;
    return fastest > limitMs ? `takes ${Math.round(fastest)} ms` : undefined;
  }

  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    clearInterval(watch);
    await pool.destroy();
  }
  if (outcome.memoryMb * 2 ** 20 > LIMIT_BYTES) {
    outcome.findings.push({ what: `takes ${outcome.memoryMb} MB`, input: '' });
  }
  return outcome;
}

async function send(pool: Pool, request: Exclude<FuzzedRequest, { raw: Buffer }>): Promise<Answer> {
  const { statusCode, headers, body } = await pool.request({ ...request, method: request.method as 'POST' });
  await body.dump();
  return { statuses: [statusCode], isProblem: headers['content-type'] === 'application/problem+json' };
}

/** Sends bytes as they are, and hangs up when nothing comes for a while. @throws when the connection outlives that */
function sendRaw(apiUrl: string, bytes: Buffer): Promise<Answer> {
  const { hostname, port } = new URL(apiUrl);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let said = '';
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () => socket.write(bytes));
  socket.setTimeout(QUIET_MS, () => socket.end());
  const hang = setTimeout(() => {
    socket.destroy();
    reject(Object.assign(new Error('the connection stays open'), { code: 'OPEN' }));
  }, HANG_MS);
  socket.on('data', (chunk) => (said += chunk.toString('latin1')));
  // Whoever refuses a request that still arrives may reset the connection.
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
  socket.on('close', () => {
    clearTimeout(hang);
    const statuses = Array.from(said.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status));
    resolve({ statuses, isProblem: true });
  });
  return promise;
}

/** Resident memory in bytes; 0 where the system does not tell. */
function memoryOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
