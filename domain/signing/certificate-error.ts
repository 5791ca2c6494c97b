/** Stable codes of what can be wrong with a certificate or its file. */
export type CertificateErrorCode =
  | 'CERTIFICATE_INVALID'
  | 'CERTIFICATE_PASSWORD_INVALID'
  | 'CERTIFICATE_KEY_NOT_FOUND'
  | 'CERTIFICATE_EXPIRED';

/** What exactly, for whoever explains it; several have one code. */
export type CertificateErrorReason =
  | 'NOT_A_P12'
  | 'TOO_MANY_ROUNDS'
  | 'UNSUPPORTED_ENCRYPTION'
  | 'WRONG_PASSWORD'
  | 'NO_KEY'
  | 'NO_MATCHING_CERTIFICATE'
  | 'NO_SIGNING_CERTIFICATE'
  | 'KEY_UNUSABLE';

/** A certificate cannot be used. The message is a sentence for the person who owns it and holds no secret. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code: CertificateErrorCode;
  readonly reason: CertificateErrorReason | undefined;

  constructor(code: CertificateErrorCode, sentence: string, reason?: CertificateErrorReason) {
    super(sentence);
    this.code = code;
    this.reason = reason;
  }
}
