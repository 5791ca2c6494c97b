import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';

/** How client and worker reach Temporal. */
export function connectionOptions({ temporal }: Config) {
  const { certPath, keyPath } = temporal;
  const pair =
    certPath !== undefined && keyPath !== undefined
      ? { clientCertPair: { crt: readFileSync(certPath), key: readFileSync(keyPath) } }
      : undefined;
  return {
    address: temporal.address,
    ...(temporal.tls ? { tls: pair ?? true } : {}),
    ...(temporal.apiKey === undefined ? {} : { apiKey: temporal.apiKey }),
  };
}
