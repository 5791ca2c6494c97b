import type { Sealer } from '../store/sealing.ts';
import type { Store } from '../store/store.ts';

/** What the use cases of tenants work with. */
export interface TenantContext {
  store: Store;
  sealer: Sealer;
  appEnv: 'staging' | 'production';
  /** Base of the links in mails, without a slash at its end. */
  publicUrl: string;
  /** Webhooks to this very machine: the embedded default only. */
  webhookAllowLoopback: boolean;
  clock: () => Date;
}
