/** A safeguard, how it is switched off, and the test that notices. */
export interface Safeguard {
  name: string;
  /** What goes wrong without it. */
  protects: string;
  file: string;
  /** Stands in the file exactly once. */
  text: string;
  instead: string;
  test: {
    project: 'unit' | 'system';
    file: string;
    /** As it stands in the file: how the name of the test begins, or of what encloses it. */
    title: string;
  };
}

const UNKNOWN = 'test/system/unknown-outcomes.test.ts';

/** Those whose loss would cost somebody a document, money or a secret. */
export const SAFEGUARDS: readonly Safeguard[] = [
  {
    name: 'number-under-lock',
    protects: 'two sales at one time never get one number',
    file: 'domain/documents/create.ts',
    text: 'do update set next = sequences.next + 1',
    instead: `do update set next = (select s.next + 1 from sequences s where s.issuer_id = excluded.issuer_id
       and s.environment = excluded.environment and s.document_type = excluded.document_type)`,
    test: {
      project: 'system',
      file: 'test/system/numbering.test.ts',
      title: 'are consecutive when fifty sales come at once',
    },
  },
  {
    name: 'idempotency-key',
    protects: 'a sale that is sent twice is made once',
    file: 'domain/documents/create.ts',
    text: 'if (claimed.length === 1) return undefined;',
    instead: 'if (claimed.length <= 1) return undefined;',
    test: {
      project: 'system',
      file: 'test/system/numbering.test.ts',
      title: 'are used once when one sale is sent fifty times',
    },
  },
  {
    name: 'quota-at-the-number',
    protects: 'nobody issues more than his plan has',
    file: 'domain/documents/create.ts',
    text: 'where id = ? and document_count < document_quota',
    instead: 'where id = ?',
    test: {
      project: 'system',
      file: 'test/system/api-documents.test.ts',
      title: 'for its quota, or an Idempotency-Key of nonsense',
    },
  },
  {
    name: 'ask-before-resend',
    protects: 'SRI is asked for a document that it may have, before it gets it again',
    file: 'domain/documents/process.ts',
    text: 'sendStarted: !!sendStartedAt,',
    instead: 'sendStarted: false,',
    test: { project: 'system', file: UNKNOWN, title: 'and whose question is cut too' },
  },
  {
    name: 'send-is-recorded-first',
    protects: 'a worker that dies after sending leaves a trace of it',
    file: 'activities/sri-steps.ts',
    text: 'leaving: () => recordSendStarted(store, document),',
    instead: 'leaving: async () => {},',
    test: { project: 'system', file: UNKNOWN, title: 'leaves nothing that the next sends twice' },
  },
  {
    name: 'identical-bytes',
    protects: 'what is sent again is what was sent',
    file: 'domain/documents/process.ts',
    text: 'signedXml: document.signedXml ?? Buffer.alloc(0),',
    instead: `signedXml: Buffer.concat([document.signedXml!, Buffer.alloc(1 + Math.floor(Math.random() * 1e4), ' ')]),`,
    test: { project: 'system', file: UNKNOWN, title: 'and whose question is cut too' },
  },
  {
    name: 'stale-refusal',
    protects: 'SRI’s refusal of a document is not taken for that of the corrected one',
    file: 'activities/sri-steps.ts',
    text: "if (outcome === 'NOT_AUTHORIZED' && !speaksOf(authorization, document.signedXml)) return { outcome: 'STALE' };",
    instead: '',
    test: { project: 'system', file: UNKNOWN, title: 'is not refused by the answer to what it was before' },
  },
  {
    name: 'known-key-is-polled',
    protects: 'a document that SRI has already (43, 70) is asked for, and not given up',
    file: 'domain/sri/error-catalogue.ts',
    text: "if (identifiers.some((identifier) => entryOf(identifier)?.action === 'POLL')) return 'POLL';",
    instead: '',
    test: { project: 'unit', file: 'test/domain/sri/error-catalogue.test.ts', title: 'receptionVerdict' },
  },
  {
    name: 'only-autorizado',
    protects: 'no other word of SRI makes a document authorized',
    file: 'domain/sri/answers.ts',
    text: "filter(({ state }) => state === 'AUTORIZADO')",
    instead: "filter(({ state }) => state.startsWith('AUTORIZ'))",
    test: { project: 'unit', file: 'test/domain/sri/answers.test.ts', title: 'settle' },
  },
  {
    name: 'authorized-stays',
    protects: 'an authorized document never changes, whatever the code says',
    file: 'domain/store/migrations/2026-11-25-first-schema.ts',
    text: "raise exception 'an authorized document never changes';",
    instead: 'null;',
    test: { project: 'system', file: UNKNOWN, title: 'is changed by no statement any more' },
  },
  {
    name: 'credit-balance-lock',
    protects: 'credit notes that race never come to more than the sale',
    file: 'domain/documents/modified.ts',
    text: '{ lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }',
    instead: '{ refresh: true }',
    test: {
      project: 'system',
      file: 'test/system/credit-notes.test.ts',
      title: 'that race never come to more than it',
    },
  },
  {
    name: 'row-level-security',
    protects: 'a query that forgets the tenant sees nobody else’s rows',
    file: 'domain/store/store.ts',
    text: "variables: { 'app.tenant_id': tenantId, role: TENANT_ROLE }",
    instead: "variables: { 'app.tenant_id': tenantId }",
    test: {
      project: 'system',
      file: 'test/system/row-security.test.ts',
      title: 'reads its own rows alone, in every table',
    },
  },
  {
    name: 'address-guard',
    protects: 'a webhook goes to no address inside our network',
    file: 'activities/address-guard.ts',
    text: '!addresses.every(({ address }) => mayReceive(address, allowLoopback))',
    instead: '!addresses.some(({ address }) => mayReceive(address, allowLoopback))',
    test: {
      project: 'unit',
      file: 'test/activities/address-guard.test.ts',
      title: 'refuses a name with one private address among public ones',
    },
  },
  {
    name: 'certificate-of-the-taxpayer',
    protects: 'nobody signs with the certificate of another taxpayer',
    file: 'domain/signing/certificate-facts.ts',
    text: 'return rucOf(facts) === ruc;',
    instead: 'return rucOf(facts) !== undefined;',
    test: {
      project: 'unit',
      file: 'test/domain/tenants/issuer-certificate.test.ts',
      title: 'a certificate of another taxpayer',
    },
  },
  {
    name: 'webhook-signature',
    protects: 'a webhook cannot be repeated later, nor its id be changed',
    file: 'domain/webhooks/signature.ts',
    text: '.update(`${id}.${seconds}.${body}`)',
    instead: '.update(body)',
    test: {
      project: 'unit',
      file: 'test/domain/webhooks/signature.test.ts',
      title: 'covers the body, the id and the time',
    },
  },
  {
    name: 'failures-tell-nothing',
    protects: 'no error of the database carries a buyer’s name into Temporal or a log',
    file: 'activities/failures.ts',
    text: 'throw isForHistory(error) ? error : unexpected(error);',
    instead: 'throw error;',
    test: { project: 'system', file: 'test/system/secrets.test.ts', title: 'is in no log and in no history' },
  },
];
