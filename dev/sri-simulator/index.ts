import { createAuthority } from './authorization.ts';
import { certificatesOf } from './certificate.ts';
import { serveControl } from './control.ts';
import { createFaults } from './faults.ts';
import type { Listener } from './http.ts';
import { openSchemas } from './schema.ts';
import { serve } from './service.ts';
import { openState } from './state.ts';

export interface SriSimulatorOptions {
  /** Of SRI's services; any free one by default. */
  port?: number;
  /** Of the control address; any free one by default. */
  controlPort?: number;
  /** Where to keep what was received and decided; in memory by default. */
  dir?: string;
  /** Folder of SRI's schema files; without it the structure is checked by this program's own knowledge. */
  schemaDir?: string;
  /** Certificates, PEM, of the authorities that may issue signers' certificates; any by default. */
  trusted?: string[];
  /** Milliseconds from reception until there is a decision; 0 by default. */
  decisionDelayMs?: number;
}

export interface SriSimulator {
  /** Stands for both `https://celcer.sri.gob.ec` and `https://cel.sri.gob.ec`. */
  url: string;
  controlUrl: string;
  stop(): Promise<void>;
}

/**
 * SRI's two web services, played on loopback: what they check, answer and remember, and what goes wrong with them.
 * Shares no code with the product, so that it can prove the product wrong.
 */
export async function startSriSimulator(options: SriSimulatorOptions = {}): Promise<SriSimulator> {
  const { port = 0, controlPort = 0, dir, schemaDir, trusted = [], decisionDelayMs = 0 } = options;
  const authorities = certificatesOf(trusted);
  const schemas = openSchemas(schemaDir);
  const state = openState(dir);
  const faults = createFaults();
  const authority = createAuthority(state, faults, authorities);
  const listeners: Listener[] = [];
  const stop = async () => {
    for (const listener of listeners) await listener.close();
    state.close();
    schemas.close();
  };
  try {
    listeners.push(await serve(port, { state, schemas, authority, faults, decisionDelayMs }));
    listeners.push(await serveControl(controlPort, faults, state));
  } catch (error) {
    await stop();
    throw error;
  }
  const [services, control] = listeners;
  return { url: services!.url, controlUrl: control!.url, stop };
}
