import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyIdOf, Sealer } from '../../../domain/store/sealing.ts';

const oldKey = { id: '2025', key: randomBytes(32) };
const newKey = { id: '2026', key: randomBytes(32) };
const secret = Buffer.from('clave privada ñ');

describe('encryption at rest', () => {
  it('opens what it sealed, and shows none of it', () => {
    const sealed = new Sealer([newKey]).seal(secret, 'mails:1:sealed_content');
    expect(sealed.includes(secret)).toBe(false);
    expect(new Sealer([newKey]).open(sealed, 'mails:1:sealed_content')).toEqual(secret);
  });

  it('seals with the first key and opens with any', () => {
    const old = new Sealer([oldKey]).seal(secret, 'c');
    const both = new Sealer([newKey, oldKey]);
    expect(both.open(old, 'c')).toEqual(secret);
    expect(keyIdOf(both.seal(secret, 'c'))).toBe('2026');
  });

  it('seals anew under the first key what it opens with any', () => {
    const both = new Sealer([newKey, oldKey]);
    const sealed = both.reseal(new Sealer([oldKey]).seal(secret, 'c'), 'c');
    expect(new Sealer([newKey]).open(sealed, 'c')).toEqual(secret);
    expect([both.currentId, both.ids]).toEqual(['2026', ['2026', '2025']]);
  });

  it('never seals the same text twice alike', () => {
    const sealer = new Sealer([newKey]);
    expect(sealer.seal(secret, 'c')).not.toEqual(sealer.seal(secret, 'c'));
  });

  it('does not open in the place of another row', () => {
    const sealer = new Sealer([newKey]);
    const sealed = sealer.seal(secret, 'certificates:1:sealed_key');
    expect(() => sealer.open(sealed, 'certificates:2:sealed_key')).toThrow();
  });

  it('notices any changed byte', () => {
    const sealer = new Sealer([newKey]);
    const sealed = sealer.seal(secret, 'c');
    for (let at = 0; at < sealed.length; at++) {
      const broken = Buffer.from(sealed);
      broken[at]! ^= 1;
      expect(() => sealer.open(broken, 'c'), `byte ${at}`).toThrow();
    }
  });

  it('says which key is missing', () => {
    const sealed = new Sealer([oldKey]).seal(secret, 'c');
    expect(() => new Sealer([newKey]).open(sealed, 'c')).toThrow("no encryption key '2025' is configured");
  });
});
