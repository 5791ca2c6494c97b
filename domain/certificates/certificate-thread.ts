import { Worker } from 'node:worker_threads';
import { Refusal } from '../refusal.ts';
import {
  CertificateError,
  type CertificateErrorCode,
  type CertificateErrorReason,
} from '../signing/certificate-error.ts';
import type { SigningCertificate } from '../signing/pkcs12.ts';
import { Turns } from '../turns.ts';
import { type Inspection, notOpened } from './inspect.ts';

/*
 * A password is checked by hashing it up to millions of times. That is done in a thread of its own, so that the others
 * at the till do not wait for it; a few at a time, and none for longer than anybody's file takes.
 */

/** What a thread is asked, and what it answers. */
export interface Tasks {
  open: { input: { pkcs12: Uint8Array; password: string }; output: SigningCertificate };
  inspect: {
    input: { pkcs12: Uint8Array; password: string; ruc?: string | undefined; now: Date };
    output: Inspection;
  };
}

export type Answer<Task extends keyof Tasks> =
  | { done: Tasks[Task]['output'] }
  | { refused: { code: CertificateErrorCode; message: string; reason?: CertificateErrorReason | undefined } };

const turns = new Turns(2);
/** More than wait here would only wait in vain. */
const MOST_WAITING = 50;
const LIMIT_MS = 15_000;

/**
 * Opens a certificate file as `openPkcs12` does.
 * @throws CertificateError; Refusal TOO_MANY_REQUESTS when many others are waiting
 */
export async function openInThread(
  pkcs12: Uint8Array,
  password: string,
  limitMs = LIMIT_MS,
): Promise<SigningCertificate> {
  const { privateKeyDer, certificateDer, facts } = await inThread('open', { pkcs12, password }, limitMs);
  // What passes between threads are plain bytes.
  return { privateKeyDer: Buffer.from(privateKeyDer), certificateDer: Buffer.from(certificateDer), facts };
}

/**
 * `inspectCertificate`, likewise; a file that takes too long is one more that is no good.
 * @throws Refusal TOO_MANY_REQUESTS
 */
export async function inspectInThread(input: Tasks['inspect']['input'], limitMs = LIMIT_MS): Promise<Inspection> {
  try {
    return await inThread('inspect', input, limitMs);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return notOpened(error);
  }
}

async function inThread<Task extends keyof Tasks>(
  task: Task,
  input: Tasks[Task]['input'],
  limitMs: number,
): Promise<Tasks[Task]['output']> {
  if (turns.waiting >= MOST_WAITING)
    throw new Refusal(
      'TOO_MANY_REQUESTS',
      'Too many certificate files are being opened; try again in a moment.',
      [],
      5,
    );
  await turns.take();
  try {
    const answer = await ask(task, input, limitMs);
    if ('done' in answer) return answer.done;
    const { code, message, reason } = answer.refused;
    throw new CertificateError(code, message, reason);
  } finally {
    turns.give();
  }
}

async function ask<Task extends keyof Tasks>(
  task: Task,
  input: Tasks[Task]['input'],
  limitMs: number,
): Promise<Answer<Task>> {
  const worker = new Worker(new URL('./certificate-worker.ts', import.meta.url), { workerData: { task, input } });
  const { promise, resolve, reject } = Promise.withResolvers<Answer<Task>>();
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('a certificate thread ended without an answer')));
  const late = setTimeout(() => {
    resolve({
      refused: {
        code: 'CERTIFICATE_INVALID',
        message: 'The certificate file takes too long to open.',
        reason: 'TOO_MANY_ROUNDS',
      },
    });
  }, limitMs);
  try {
    return await promise;
  } finally {
    // Left alone, it would hold the answer, and so the key, until the limit.
    clearTimeout(late);
    await worker.terminate();
  }
}
