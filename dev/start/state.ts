import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createDemoAuthority, type DemoAuthority } from '../demo-authority.ts';
import { freePort } from '../free-port.ts';
import { writePrivately } from './private-file.ts';

type PortName = 'postgres' | 'temporal' | 'temporalUi' | 'sri' | 'sriControl' | 'mailbox' | 'webhooks';

/** Where people look first; the others take any. */
const USUAL_PORTS: Partial<Record<PortName, number>> = { temporal: 7233, temporalUi: 8233 };

/** What one start leaves for the next, in a file that only its owner may read. */
interface Saved {
  adminSecret: string;
  encryptionKeys: string;
  ports: Partial<Record<PortName, number>>;
  authority: ReturnType<DemoAuthority['toJSON']>;
  /** Of the demo tenant's P12. */
  certificatePassword: string;
  /** The demo tenant, once it is registered. */
  tenant?: {
    id: string;
    apiKey: string;
    issuerId: string;
    /** Where its webhooks go, and what they are signed with. */
    hooksUrl?: string;
    webhookSecret?: string;
  };
}

export class State {
  private readonly file: string;
  private readonly saved: Saved;

  constructor(file: string) {
    this.file = file;
    this.saved = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Saved) : fresh();
    this.save();
  }

  get secrets(): Pick<Saved, 'adminSecret' | 'encryptionKeys' | 'certificatePassword'> {
    return this.saved;
  }

  get authority(): DemoAuthority {
    return createDemoAuthority(this.saved.authority);
  }

  get tenant(): Saved['tenant'] {
    return this.saved.tenant;
  }

  /** The port of the last time where it is free, else another, which is kept for the next time. */
  async port(name: PortName): Promise<number> {
    const port = await freePort(this.saved.ports[name] ?? USUAL_PORTS[name]);
    this.keepPort(name, port);
    return port;
  }

  keepPort(name: PortName, port: number): void {
    this.saved.ports[name] = port;
    this.save();
  }

  keepTenant(tenant: NonNullable<Saved['tenant']>): void {
    this.saved.tenant = tenant;
    this.save();
  }

  private save(): void {
    writePrivately(this.file, `${JSON.stringify(this.saved, undefined, 2)}\n`);
  }
}

function fresh(): Saved {
  return {
    adminSecret: randomBytes(32).toString('hex'),
    encryptionKeys: `local:${randomBytes(32).toString('hex')}`,
    ports: {},
    authority: createDemoAuthority().toJSON(),
    certificatePassword: randomBytes(12).toString('base64url'),
  };
}
