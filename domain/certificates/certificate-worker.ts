import { parentPort, workerData } from 'node:worker_threads';
import { CertificateError } from '../signing/certificate-error.ts';
import { openPkcs12 } from '../signing/pkcs12.ts';
import type { Answer, Tasks } from './certificate-thread.ts';
import { inspectCertificate } from './inspect.ts';

type Asked = { [Task in keyof Tasks]: { task: Task; input: Tasks[Task]['input'] } }[keyof Tasks];

function answer(asked: Asked): Answer<keyof Tasks> {
  try {
    switch (asked.task) {
      case 'open':
        return { done: openPkcs12(asked.input.pkcs12, asked.input.password) };
      case 'inspect':
        return { done: inspectCertificate(asked.input, asked.input.now) };
    }
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    const { code, message, reason } = error;
    return { refused: { code, message, reason } };
  }
}

parentPort!.postMessage(answer(workerData as Asked));
