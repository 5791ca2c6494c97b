import { z } from 'zod';
import { type Queue, QUEUES } from './model/queues.ts';

const text = z.string().min(1);
const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const encryptionKeys = text.transform((value, context) => {
  const keys = value.split(',').map((entry) => /^([\w-]{1,32}):([0-9a-f]{64})$/i.exec(entry.trim()));
  if (keys.some((key) => key === null)) {
    context.addIssue({ code: 'custom', message: 'must look like id:64-hex-digits[,id:64-hex-digits…]' });
    return z.NEVER;
  }
  return keys.map((key) => ({ id: key![1]!, key: Buffer.from(key![2]!, 'hex') }));
});

const queues = text.transform((value, context) => {
  const names = value.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(QUEUES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    context.addIssue({ code: 'custom', message: `knows no queue '${unknown}'; the queues are ${QUEUES.join(', ')}` });
    return z.NEVER;
  }
  return names as Queue[];
});

const origins = text.transform((value, context) => {
  const names = value.split(',').map((name) => name.trim());
  if (names.some((name) => !URL.canParse(name) || new URL(name).origin !== name)) {
    context.addIssue({
      code: 'custom',
      message: 'must be origins such as https://till.example.com, with commas between',
    });
    return z.NEVER;
  }
  return names;
});

const settings = z.object({
  /** API listener; 0 takes any free port. */
  PORT: port.default(3000),
  /** Address the API listens on. */
  HOST: text.default('127.0.0.1'),
  /** Base of the links in mails and of the `type` of problems. */
  PUBLIC_URL: z.url().optional(),
  /** PostgreSQL: the login must own the schema or be a member of both roles. */
  DATABASE_URL: text,
  TEMPORAL_ADDRESS: text.default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: text.default('default'),
  TEMPORAL_API_KEY: text.optional(),
  /** `true`, or implied by an API key or a client certificate. */
  TEMPORAL_TLS: flag.default(false),
  /** Paths of a client certificate and its key, PEM. */
  TEMPORAL_TLS_CERT: text.optional(),
  TEMPORAL_TLS_KEY: text.optional(),
  /** `staging` sends everything to SRI's test service; `production` lets promoted tenants issue for real. */
  APP_ENV: z.enum(['staging', 'production']).default('staging'),
  SRI_TEST_URL: z.url().default('https://celcer.sri.gob.ec'),
  SRI_PRODUCTION_URL: z.url().default('https://cel.sri.gob.ec'),
  /** What the ficha técnica says is sha1; sha256 is accepted unofficially. */
  SRI_SIGNATURE_ALGORITHM: z.enum(['sha1', 'sha256']).default('sha1'),
  /** RUC of whoever runs this service for others: goes into "RUC Proveedor" (ficha técnica 2.34, anexo 26). */
  PROVIDER_RUC: z
    .string()
    .regex(/^\d{10}001$/, 'must be 13 digits that end in 001')
    .optional(),
  /** Total above which a sale to the final consumer must name its buyer, in USD (ficha técnica 2.34, §9.10). */
  FINAL_CONSUMER_LIMIT: z
    .string()
    .regex(/^\d+(\.\d{1,2})?$/, 'must be an amount such as 50.00')
    .default('50.00'),
  SMTP_URL: z.url(),
  MAIL_FROM: text.default('Comprobante <no-reply@comprobante.invalid>'),
  ADMIN_SECRET: z.string().min(32, 'must have at least 32 characters'),
  /** The first key encrypts, all decrypt. */
  ENCRYPTION_KEYS: encryptionKeys,
  /** The browser that prints; else the usual places are searched. */
  CHROMIUM_PATH: text.optional(),
  WORKER_QUEUES: queues.default([...QUEUES]),
  /** Webhooks to this very machine are refused but in the embedded default. */
  WEBHOOK_ALLOW_LOOPBACK: flag.default(false),
  /** `off` for load tests: nobody is refused for asking too often. */
  RATE_LIMITS: z.enum(['on', 'off']).default('on'),
  /** How many proxies in front of the API are ours: so many entries of `X-Forwarded-For` are believed, from the last. */
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  /**
   * Seconds for which the API still takes requests after SIGTERM while `/readyz` says no: as long as the load balancer
   * before it needs to notice.
   */
  DRAIN_SECONDS: z.coerce.number().int().min(0).max(300).default(0),
  /** Web pages that may call the API from a browser, as origins: `https://till.example.com`, with commas between. */
  CORS_ORIGINS: origins.default([]),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** A setting is missing or wrong; the message says which, and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads all settings once.
 * @throws ConfigError with one sentence a setting; values are not repeated, some are secrets.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const sentences = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`Settings are wrong. ${sentences.join('. ')}.`);
  }
  const s = parsed.data;
  return {
    host: s.HOST,
    port: s.PORT,
    publicUrl: s.PUBLIC_URL?.replace(/\/+$/, '') ?? `http://127.0.0.1:${s.PORT}`,
    databaseUrl: s.DATABASE_URL,
    temporal: {
      address: s.TEMPORAL_ADDRESS,
      namespace: s.TEMPORAL_NAMESPACE,
      apiKey: s.TEMPORAL_API_KEY,
      tls: s.TEMPORAL_TLS || s.TEMPORAL_API_KEY !== undefined || s.TEMPORAL_TLS_CERT !== undefined,
      certPath: s.TEMPORAL_TLS_CERT,
      keyPath: s.TEMPORAL_TLS_KEY,
    },
    appEnv: s.APP_ENV,
    sri: {
      testUrl: s.SRI_TEST_URL,
      productionUrl: s.SRI_PRODUCTION_URL,
      signatureAlgorithm: s.SRI_SIGNATURE_ALGORITHM,
    },
    providerRuc: s.PROVIDER_RUC,
    finalConsumerLimit: s.FINAL_CONSUMER_LIMIT,
    smtpUrl: s.SMTP_URL,
    mailFrom: s.MAIL_FROM,
    adminSecret: s.ADMIN_SECRET,
    encryptionKeys: s.ENCRYPTION_KEYS,
    chromiumPath: s.CHROMIUM_PATH,
    queues: s.WORKER_QUEUES,
    webhookAllowLoopback: s.WEBHOOK_ALLOW_LOOPBACK,
    rateLimits: s.RATE_LIMITS === 'on',
    drainMs: s.DRAIN_SECONDS * 1_000,
    trustProxy: s.TRUST_PROXY,
    corsOrigins: s.CORS_ORIGINS,
    logLevel: s.LOG_LEVEL,
  };
}

export type Config = ReturnType<typeof loadConfig>;
