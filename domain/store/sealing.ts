import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export interface EncryptionKey {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;

/**
 * Encryption at rest: AES-256-GCM under a fresh data key, which is itself wrapped by the key-encryption key named in
 * the header. `context` (table, row, column) is authenticated with both, so a sealed value copied into another row
 * does not open. Layout: format, length and text of the key id, wrapped data key, sealed text; each of the two is
 * iv ‖ ciphertext ‖ tag.
 */
export class Sealer {
  private readonly keys: Map<string, Buffer>;
  private readonly current: EncryptionKey;

  /** The first key seals, all open. @throws when there is none. */
  constructor(keys: readonly EncryptionKey[]) {
    const [first] = keys;
    if (first === undefined) throw new Error('ENCRYPTION_KEYS names no key');
    this.current = first;
    this.keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  /** Of the key that seals. */
  get currentId(): string {
    return this.current.id;
  }

  /** Of every key that opens, the current one first. */
  get ids(): string[] {
    return [...this.keys.keys()];
  }

  /** The same under the current key. @throws as `open` does */
  reseal(sealed: Uint8Array, context: string): Buffer {
    return this.seal(this.open(sealed, context), context);
  }

  seal(plain: Uint8Array, context: string): Buffer {
    const aad = Buffer.from(context);
    const dataKey = randomBytes(DATA_KEY_BYTES);
    const id = Buffer.from(this.current.id);
    return Buffer.concat([
      Buffer.from([FORMAT, id.length]),
      id,
      encrypt(this.current.key, dataKey, aad),
      encrypt(dataKey, plain, aad),
    ]);
  }

  /** @throws when the key is not among ours, or the bytes or their context are not what was sealed. */
  open(sealed: Uint8Array, context: string): Buffer {
    const bytes = Buffer.from(sealed);
    if (bytes[0] !== FORMAT) throw new Error('sealed value has an unknown format');
    const idEnd = 2 + bytes[1]!;
    const keyEnd = idEnd + IV_BYTES + DATA_KEY_BYTES + TAG_BYTES;
    const key = this.keys.get(keyIdOf(bytes));
    if (key === undefined) throw new Error(`no encryption key '${keyIdOf(bytes)}' is configured`);
    const aad = Buffer.from(context);
    const dataKey = decrypt(key, bytes.subarray(idEnd, keyEnd), aad);
    return decrypt(dataKey, bytes.subarray(keyEnd), aad);
  }
}

/** The id of the key that wraps a sealed value. */
export function keyIdOf(sealed: Uint8Array): string {
  return Buffer.from(sealed.subarray(2, 2 + sealed[1]!)).toString();
}

function encrypt(key: Buffer, plain: Uint8Array, aad: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, bytes: Buffer, aad: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
    .setAAD(aad)
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
}
