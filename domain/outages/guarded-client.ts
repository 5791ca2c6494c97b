import type { AuthorizationAnswer, ReceptionAnswer } from '../sri/answers.ts';
import type { CallOptions, SriClient } from '../sri/client.ts';
import type { SriService } from '../model/sri-service.ts';
import { SriUnavailable } from '../sri/unavailable.ts';
import type { Store } from '../store/store.ts';
import { healthOf, mayAskAnyway, noteAnswer, noteFailure } from './health.ts';

export interface GuardedCallOptions extends CallOptions {
  /** Asks even during an outage, to learn whether it is over. */
  probe?: boolean;
  /** Before the first byte leaves; not if none is to leave. */
  leaving?: () => Promise<void>;
}

/** The client of one environment, as long as SRI answers. */
export interface GuardedSri {
  readonly host: string;
  /** @throws SriUnavailable with the service that gave no answer; of kind `outage` when it was not asked */
  submit(xml: Uint8Array, options?: GuardedCallOptions): Promise<ReceptionAnswer>;
  /** @throws SriUnavailable as above */
  queryAuthorization(accessKey: string, options?: GuardedCallOptions): Promise<AuthorizationAnswer>;
  close(): Promise<void>;
}

/**
 * A breaker around a client, one for each service of its host. What it knows is in the store, so that all workers stop
 * asking together, and begin together.
 */
export function guardedSri(store: Store, client: SriClient): GuardedSri {
  const { host } = client;

  async function through<T>(
    service: SriService,
    { probe = false, leaving }: GuardedCallOptions,
    ask: () => Promise<T>,
  ): Promise<T> {
    const line = { host, service };
    const { away, failingSince } = await healthOf(store, line);
    if (away && !probe && !(await mayAskAnyway(store, line)))
      throw new SriUnavailable('outage', { delivered: 'no', service });
    await leaving?.();
    try {
      const answer = await ask();
      if (failingSince !== undefined) await noteAnswer(store, line);
      return answer;
    } catch (error) {
      if (!(error instanceof SriUnavailable)) throw error;
      await noteFailure(store, line, error.kind);
      throw Object.assign(error, { service });
    }
  }

  return {
    host,
    submit: (xml, options = {}) => through('reception', options, () => client.submit(xml, options)),
    queryAuthorization: (accessKey, options = {}) =>
      through('authorization', options, () => client.queryAuthorization(accessKey, options)),
    close: () => client.close(),
  };
}
