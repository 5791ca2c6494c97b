import type { Config } from '../config.ts';
import { sriHost } from '../sri/client.ts';
import { mailDomainOf } from '../format/mail/message-id.ts';
import type { Environment } from '../model/document.ts';
import type { Store } from '../store/store.ts';

type Settings = Pick<Config, 'appEnv' | 'sri' | 'providerRuc' | 'finalConsumerLimit' | 'mailFrom'>;

/** What the use cases of documents work with. */
export interface DocumentContext {
  store: Store;
  appEnv: 'staging' | 'production';
  /** Where SRI is, by the environment that a document states. */
  sriHosts: Record<Environment, string>;
  /** RUC of whoever runs this service for others; unset when issuers run it for themselves. */
  providerRuc?: string;
  /** USD, e.g. `50.00`. */
  finalConsumerLimit: string;
  /** Of our Message-IDs. */
  mailDomain: string;
  clock(): Date;
}

/** The same from the settings. */
export function documentContextOf(
  { appEnv, sri, providerRuc, finalConsumerLimit, mailFrom }: Settings,
  store: Store,
  clock: () => Date,
): DocumentContext {
  const mailDomain = mailDomainOf(mailFrom);
  return {
    store,
    appEnv,
    sriHosts: { sandbox: sriHost(sri.testUrl), production: sriHost(sri.productionUrl) },
    finalConsumerLimit,
    mailDomain,
    clock,
    ...(providerRuc === undefined ? {} : { providerRuc }),
  };
}

/** On whose behalf: a tenant's issuer in one environment. */
export interface IssuerScope {
  tenantId: string;
  issuerId: string;
  environment: Environment;
}

/** Staging sends everything to SRI's test service, so its documents say so, whatever the key. */
export function legalEnvironment({ appEnv }: Pick<DocumentContext, 'appEnv'>, environment: Environment): Environment {
  return appEnv === 'staging' ? 'sandbox' : environment;
}
