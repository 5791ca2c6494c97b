import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../domain/config.ts';

const minimal = {
  DATABASE_URL: 'postgresql://app@db/comprobante',
  SMTP_URL: 'smtp://mail:25',
  ADMIN_SECRET: 'a'.repeat(64),
  ENCRYPTION_KEYS: `2026:${'ab'.repeat(32)},2025:${'cd'.repeat(32)}`,
};

describe('settings', () => {
  it('needs four of them and has a default for the rest', () => {
    const config = loadConfig(minimal);
    expect(config).toMatchObject({
      port: 3000,
      appEnv: 'staging',
      sri: {
        testUrl: 'https://celcer.sri.gob.ec',
        productionUrl: 'https://cel.sri.gob.ec',
        signatureAlgorithm: 'sha1',
      },
      queues: ['documents', 'sri', 'render', 'delivery', 'bulk'],
      finalConsumerLimit: '50.00',
      webhookAllowLoopback: false,
    });
    expect(config.encryptionKeys.map(({ id, key }) => [id, key.length])).toEqual([
      ['2026', 32],
      ['2025', 32],
    ]);
  });

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig({ ...minimal, PORT: '', CHROMIUM_PATH: '' })).toMatchObject({
      port: 3000,
      chromiumPath: undefined,
    });
  });

  it.each([
    ['ADMIN_SECRET', 'short', 'at least 32 characters'],
    ['ENCRYPTION_KEYS', 'k1:beef', 'id:64-hex-digits'],
    ['WORKER_QUEUES', 'documents,fax', "no queue 'fax'"],
    ['PROVIDER_RUC', '1790012345', '13 digits that end in 001'],
    ['RATE_LIMITS', 'sometimes', 'on'],
    ['TRUST_PROXY', '-1', 'TRUST_PROXY'],
    ['CORS_ORIGINS', 'https://till.example.com/', 'origins such as https://till.example.com'],
    ['FINAL_CONSUMER_LIMIT', 'fifty', 'an amount such as 50.00'],
  ])('refuses a wrong %s with a sentence that does not repeat it', (name, value, says) => {
    const load = () => loadConfig({ ...minimal, [name]: value });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(`${name}: `);
    expect(load).toThrow(says);
    if (name === 'ADMIN_SECRET' || name === 'ENCRYPTION_KEYS') expect(load).not.toThrow(value);
  });

  it('closes the API to browsers and to those who ask too often, unless told otherwise', () => {
    expect(loadConfig(minimal)).toMatchObject({ rateLimits: true, trustProxy: 0, corsOrigins: [] });
    const given = { RATE_LIMITS: 'off', TRUST_PROXY: '2', CORS_ORIGINS: 'https://a.example, http://localhost:5173' };
    expect(loadConfig({ ...minimal, ...given })).toMatchObject({
      rateLimits: false,
      trustProxy: 2,
      corsOrigins: ['https://a.example', 'http://localhost:5173'],
    });
  });

  it('names every setting that is missing', () => {
    expect(() => loadConfig({})).toThrow(/DATABASE_URL.*SMTP_URL.*ADMIN_SECRET.*ENCRYPTION_KEYS/);
  });
});
