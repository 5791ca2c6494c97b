import { describe, expect, it } from 'vitest';
import { inspectInThread, openInThread } from '../../../domain/certificates/certificate-thread.ts';
import { CertificateError } from '../../../domain/signing/certificate-error.ts';
import { certificateDer, makeCertificate, makeP12, newKey } from '../signing/fixtures.ts';

const PASSWORD = 'clave';
const key = newKey();
const signer = makeCertificate({ key });
const file = makeP12(key, [signer], PASSWORD);
const now = new Date('2026-11-25T12:00:00Z');
/** No thread starts in that time. */
const NO_TIME = 1;
/** Two at work, and all that may wait. */
const ROOM = 52;

describe('a thread of its own', () => {
  it('opens a file, and says of one that it cannot open what is wrong', async () => {
    expect((await openInThread(file, PASSWORD)).certificateDer).toEqual(certificateDer(signer));
    await expect(openInThread(file, 'otra')).rejects.toMatchObject({ reason: 'WRONG_PASSWORD' });
    await expect(openInThread(file, 'otra')).rejects.toBeInstanceOf(CertificateError);
  });

  it('is ended when a file takes too long, which the doctor tells and does not fail of', async () => {
    await expect(openInThread(file, PASSWORD, NO_TIME)).rejects.toMatchObject({ code: 'CERTIFICATE_INVALID' });
    expect(await inspectInThread({ pkcs12: file, password: PASSWORD, now }, NO_TIME)).toMatchObject({
      opened: false,
      usable: false,
      problems: [{ code: 'TOO_MANY_ROUNDS', severity: 'error' }],
    });
  });

  it('is free again whatever became of the files before, and of too many at once some are sent away', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: ROOM + 1 }, () => openInThread(file, PASSWORD, NO_TIME)),
    );
    const codes = results.map((result) =>
      result.status === 'rejected' ? (result.reason as { code: string }).code : '',
    );
    expect(codes).toEqual([...Array<string>(ROOM).fill('CERTIFICATE_INVALID'), 'TOO_MANY_REQUESTS']);
    expect((await openInThread(file, PASSWORD)).certificateDer).toEqual(certificateDer(signer));
  });
});
