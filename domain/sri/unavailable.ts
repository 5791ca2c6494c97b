import type { SriService } from '../model/sri-service.ts';

/**
 * Why SRI gave no usable answer: `network` the connection failed, `timeout` no whole answer in time, `http` a status other than
 * 200 without a SOAP fault, `fault` a SOAP fault, `unreadable` bytes that are no answer of the service, `outage` it was not
 * asked, since it has answered nobody lately.
 */
export type UnavailableKind = 'network' | 'timeout' | 'http' | 'fault' | 'unreadable' | 'outage';

export interface UnavailableFacts {
  status?: number;
  /** Default `unknown`. */
  delivered?: 'no' | 'unknown';
  service?: SriService;
  /** A word for the log: an error code or a fault code. Never text that SRI or the caller wrote. */
  detail?: string;
}

/** SRI did not answer. Nothing is decided: ask again later. The message never holds document content. */
export class SriUnavailable extends Error {
  override readonly name = 'SriUnavailable';
  readonly kind: UnavailableKind;
  /** HTTP status, when there was one. */
  readonly status?: number;
  /** `no`: the request provably never reached SRI. `unknown`: SRI may hold it, so ask by access key before sending again. */
  readonly delivered: 'no' | 'unknown';
  /** Error or fault code. */
  readonly detail?: string;
  /** Which gave none, where it matters. */
  service?: SriService;

  constructor(kind: UnavailableKind, { status, delivered = 'unknown', service, detail }: UnavailableFacts = {}) {
    super(['SRI is unavailable', kind, status, detail].filter((part) => part !== undefined).join(': '));
    this.kind = kind;
    if (status !== undefined) this.status = status;
    this.delivered = delivered;
    if (detail !== undefined) this.detail = detail;
    if (service !== undefined) this.service = service;
  }
}
