import { readFileSync } from 'node:fs';

/** What `dev/setup.mjs` found or installed; paths of programs. */
export interface SetupFacts {
  temporalCli?: string;
  chromium: string;
  /** There after `setup.mjs --test` only. */
  timeSkippingServer?: string;
  /** Folder of `server` and `sql`, there once `setup.mjs --production-server` has run. */
  productionServer?: string;
}

/** @throws when set-up has not run in this checkout. */
export function setupFacts(): SetupFacts {
  const file = new URL('../node_modules/.cache/comprobante/setup.json', import.meta.url);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SetupFacts;
  } catch (error) {
    throw new Error('This checkout is not set up: run `node dev/setup.mjs --test` once.', { cause: error });
  }
}
