/** Stable codes of what can be wrong with a certificate or its file. */
export type CertificateErrorCode =
  | 'CERTIFICATE_INVALID'
  | 'CERTIFICATE_PASSWORD_INVALID'
  | 'CERTIFICATE_KEY_NOT_FOUND'
  | 'CERTIFICATE_EXPIRED';

/** A certificate cannot be used. The message is a sentence for the person who owns it and holds no secret. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code: CertificateErrorCode;

  constructor(code: CertificateErrorCode, sentence: string) {
    super(sentence);
    this.code = code;
  }
}
