// Generated from openapi.json by `node dev/check-openapi.ts --write`.
import { type Answer, type Caller, createCall } from './api-call.ts';

export type VerificationTokenIn = { token: string };

export type ResendVerificationIn = { email: string; verificationRedirectUrl?: string };

export type PromoteIn = { initialSequentials?: { issuerId: string; documentType: string; sequential: number }[] };

/** What is not named stays; null takes it away. */
export type IssuerPatch = { tradeName?: string | null; branchAddress?: string | null; color?: string | null };

export type DocumentTypeIn = { documentType: string };

export type SequentialIn = { environment: 'sandbox' | 'production'; nextSequential: number };

export type KeyIn = {
  label?: string;
  environment?: 'sandbox' | 'production';
  scopes?: (
    | 'documents:read'
    | 'documents:write'
    | 'issuers:read'
    | 'issuers:write'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'account:read'
    | 'account:write'
    | 'keys:manage'
  )[];
};

/** `CREATED`: numbered, not signed yet; a caller sees it only when signing is delayed, and it is signed by itself. `SIGNED`: waits to be sent. `PENDING_SEND`: on its way to SRI, for as long as SRI cannot be reached. `RECEIVED`: SRI has it and has not decided. `RETURNED`, `NOT_AUTHORIZED`: SRI refused it; rebuild it under the same number. `AUTHORIZED`: final. */
export type DocumentStatus =
  | 'CREATED'
  | 'SIGNED'
  | 'PENDING_SEND'
  | 'RECEIVED'
  | 'RETURNED'
  | 'AUTHORIZED'
  | 'NOT_AUTHORIZED';

export type DocumentIn =
  | FacturaIn
  | LiquidacionCompraIn
  | NotaCreditoIn
  | NotaDebitoIn
  | GuiaRemisionIn
  | ComprobanteRetencionIn;

/** 01 Factura. */
export type FacturaIn = {
  documentType: '01';
  version?: '2.1.0' | '1.1.0';
  buyer: BuyerIn;
  guiaRemision?: string;
  items: ItemIn[];
  payments: PaymentIn[];
  tip?: string;
  export?: {
    incoterm: string;
    place: string;
    originCountry: string;
    loadingPort: string;
    destinationPort: string;
    destinationCountry: string;
    purchaseCountry?: string;
    totalIncoterm?: string;
    freight?: string;
    insurance?: string;
    customs?: string;
    otherTransport?: string;
  };
  plate?: string;
  reimbursements?: ReimbursementIn[];
  retentions?: { code: string; rate: string; amount: string }[];
  transport?: {
    startAddress: string;
    recipientAddress: string;
    startDate: string;
    endDate: string;
    carrier: { idType: '04' | '05' | '06' | '08'; id: string; name: string };
    plate: string;
    destinations: { reason: string; customsDocument?: string; branchCode?: string; route?: string }[];
  };
  thirdPartyCharges?: { concept: string; total: string }[];
  negotiable?: { email: string };
  totals?: { subtotal?: string; discount?: string; tax?: string; total?: string };
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

export type BuyerIn = {
  idType: '04' | '05' | '06' | '07' | '08';
  id: string;
  name: string;
  email: string;
  address?: string;
};

export type LineTaxIn = {
  code: '2' | '3' | '5';
  rateCode: string;
  rate: string;
  taxableBase?: string;
  taxAmount?: string;
};

export type NameValueIn = { name: string; value: string };

export type ItemIn = {
  mainCode: string;
  auxiliaryCode?: string;
  auxCode?: string;
  description: string;
  unit?: string;
  quantity: string;
  unitPrice: string;
  unsubsidizedPrice?: string;
  discount?: string;
  taxes: LineTaxIn[];
  additionalDetails?: NameValueIn[];
};

export type PaymentIn = { method: string; total: string; term?: string | number; termUnit?: 'dias' | 'meses' };

export type ReimbursementIn = {
  supplier: { idType: '04' | '05' | '06' | '07' | '08'; id: string; type: string; country?: string };
  documentType: string;
  number: string;
  issueDate: string;
  authorization: string;
  taxes: { code: '2' | '3' | '5'; rateCode: string; rate: string; taxableBase: string; taxAmount: string }[];
};

/** 03 Liquidación de compra. */
export type LiquidacionCompraIn = {
  documentType: '03';
  version?: '1.1.0';
  supplier: PartyIn;
  items: ItemIn[];
  payments: PaymentIn[];
  reimbursements?: ReimbursementIn[];
  totals?: { subtotal?: string; discount?: string; tax?: string; total?: string };
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

export type PartyIn = { idType: '04' | '05' | '06' | '08'; id: string; name: string; email?: string; address?: string };

/** 04 Nota de crédito. */
export type NotaCreditoIn = {
  documentType: '04';
  version?: '1.1.0';
  buyer: PartyIn;
  modifies: ModifiedDocumentIn;
  reason: string;
  items: ItemIn[];
  totals?: { subtotal?: string; discount?: string; tax?: string; total?: string };
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

/** By access key, or by type, number and date. */
export type ModifiedDocumentIn = { accessKey?: string; documentType?: string; number?: string; issueDate?: string };

/** 05 Nota de débito. */
export type NotaDebitoIn = {
  documentType: '05';
  version?: '1.0.0';
  buyer: PartyIn;
  modifies: ModifiedDocumentIn;
  reasons: { reason: string; amount: string }[];
  taxes: LineTaxIn[];
  payments: PaymentIn[];
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

/** 06 Guía de remisión. */
export type GuiaRemisionIn = {
  documentType: '06';
  version?: '1.1.0';
  carrier: PartyIn;
  plate: string;
  startAddress: string;
  startDate: string;
  endDate: string;
  recipients: RecipientIn[];
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

export type RecipientIn = {
  id: string;
  name: string;
  address: string;
  reason: string;
  customsDocument?: string;
  branchCode?: string;
  route?: string;
  support?: { documentType: string; number: string; issueDate: string; authorization?: string };
  items: {
    mainCode?: string;
    auxiliaryCode?: string;
    description: string;
    quantity: string;
    additionalDetails?: NameValueIn[];
  }[];
};

/** 07 Comprobante de retención. */
export type ComprobanteRetencionIn = {
  documentType: '07';
  version?: '2.0.0';
  subject: PartyIn;
  subjectType?: string;
  relatedParty?: boolean;
  fiscalPeriod: string;
  supportDocuments: SupportDocumentIn[];
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

export type SupportDocumentIn = {
  supportType: string;
  documentType: string;
  number?: string;
  issueDate: string;
  accountingDate?: string;
  authorization?: string;
  foreignPayment?: {
    regime: '01' | '02' | '03';
    country: string;
    treaty: boolean;
    subjectToWithholding?: boolean;
    preferentialRegime?: boolean;
  };
  subtotal: string;
  taxes: { code: '2' | '3' | '5'; rateCode: string; rate: string; taxableBase: string; taxAmount: string }[];
  retentions: {
    tax: '1' | '2' | '6';
    code: string;
    rate: string;
    base: string;
    amount?: string;
    dividend?: { paidOn: string; incomeTax: string; fiscalYear: string };
    bananas?: { boxes: string; boxPrice: string };
  }[];
  reimbursements?: ReimbursementIn[];
  payments: { method: string; total: string }[];
};

export type DocumentRebuildIn =
  | FacturaRebuildIn
  | LiquidacionCompraRebuildIn
  | NotaCreditoRebuildIn
  | NotaDebitoRebuildIn
  | GuiaRemisionRebuildIn
  | ComprobanteRetencionRebuildIn;

/** 01 Factura. */
export type FacturaRebuildIn = {
  documentType: '01';
  version?: '2.1.0' | '1.1.0';
  buyer: BuyerIn;
  guiaRemision?: string;
  items: ItemIn[];
  payments: PaymentIn[];
  tip?: string;
  export?: {
    incoterm: string;
    place: string;
    originCountry: string;
    loadingPort: string;
    destinationPort: string;
    destinationCountry: string;
    purchaseCountry?: string;
    totalIncoterm?: string;
    freight?: string;
    insurance?: string;
    customs?: string;
    otherTransport?: string;
  };
  plate?: string;
  reimbursements?: ReimbursementIn[];
  retentions?: { code: string; rate: string; amount: string }[];
  transport?: {
    startAddress: string;
    recipientAddress: string;
    startDate: string;
    endDate: string;
    carrier: { idType: '04' | '05' | '06' | '08'; id: string; name: string };
    plate: string;
    destinations: { reason: string; customsDocument?: string; branchCode?: string; route?: string }[];
  };
  thirdPartyCharges?: { concept: string; total: string }[];
  negotiable?: { email: string };
  totals?: { subtotal?: string; discount?: string; tax?: string; total?: string };
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

/** 03 Liquidación de compra. */
export type LiquidacionCompraRebuildIn = {
  documentType: '03';
  version?: '1.1.0';
  supplier: PartyIn;
  items: ItemIn[];
  payments: PaymentIn[];
  reimbursements?: ReimbursementIn[];
  totals?: { subtotal?: string; discount?: string; tax?: string; total?: string };
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

/** 04 Nota de crédito. */
export type NotaCreditoRebuildIn = {
  documentType: '04';
  version?: '1.1.0';
  buyer: PartyIn;
  modifies: ModifiedDocumentIn;
  reason: string;
  items: ItemIn[];
  totals?: { subtotal?: string; discount?: string; tax?: string; total?: string };
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

/** 05 Nota de débito. */
export type NotaDebitoRebuildIn = {
  documentType: '05';
  version?: '1.0.0';
  buyer: PartyIn;
  modifies: ModifiedDocumentIn;
  reasons: { reason: string; amount: string }[];
  taxes: LineTaxIn[];
  payments: PaymentIn[];
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

/** 06 Guía de remisión. */
export type GuiaRemisionRebuildIn = {
  documentType: '06';
  version?: '1.1.0';
  carrier: PartyIn;
  plate: string;
  startAddress: string;
  startDate: string;
  endDate: string;
  recipients: RecipientIn[];
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

/** 07 Comprobante de retención. */
export type ComprobanteRetencionRebuildIn = {
  documentType: '07';
  version?: '2.0.0';
  subject: PartyIn;
  subjectType?: string;
  relatedParty?: boolean;
  fiscalPeriod: string;
  supportDocuments: SupportDocumentIn[];
  additionalInfo?: NameValueIn[];
  autoSend?: boolean;
  issueDate?: string;
};

export type BatchLineOutcome = 'PENDING' | 'ISSUED' | 'REFUSED' | 'CANCELLED';

/** `DOCUMENT_AUTHORIZED`: SRI authorized documents; those of one issuer within a minute share a notification. `DOCUMENT_RETURNED`, `DOCUMENT_NOT_AUTHORIZED`: SRI refused a document. `SRI_SUBMISSION_FAILED`: SRI has not taken documents for some minutes; one notification an hour. `EMAIL_DELIVERY_FAILED`: a buyer’s mail will not arrive. `CERT_EXPIRING`, `CERT_EXPIRED`: a signing certificate ends, or has ended. `QUOTA_WARNING`: 80, 95 or 100 percent of the plan’s documents are used; once each. `WEBHOOK_DISABLED`: a webhook endpoint was switched off, after five days of failure or because it answered 410. */
export type NotificationType =
  | 'DOCUMENT_AUTHORIZED'
  | 'DOCUMENT_RETURNED'
  | 'DOCUMENT_NOT_AUTHORIZED'
  | 'CERT_EXPIRING'
  | 'CERT_EXPIRED'
  | 'SRI_SUBMISSION_FAILED'
  | 'EMAIL_DELIVERY_FAILED'
  | 'QUOTA_WARNING'
  | 'BATCH_COMPLETED'
  | 'WEBHOOK_DISABLED';

export type WebhookEndpointIn = { url: string; eventTypes?: NotificationType[] };

export type WebhookEndpointChange = { url?: string; eventTypes?: NotificationType[]; active?: boolean };

/** `PENDING`: no attempt yet. `RETRYING`: another attempt follows. `FAILED`: none does. */
export type DeliveryStatus = 'PENDING' | 'SUCCESS' | 'RETRYING' | 'FAILED';

export type WebhookReplayIn = { from: string; to: string; status?: 'FAILED' | 'SUCCESS' | 'RETRYING' };

export type AdminTenantIn = {
  email: string;
  subscriptionTier?: 'FREE' | 'STARTER' | 'GROWTH' | 'BUSINESS';
  language?: 'es' | 'en';
};

export type TierIn = { subscriptionTier: 'FREE' | 'STARTER' | 'GROWTH' | 'BUSINESS' };

export type TenantStatusIn = { status: 'ACTIVE' | 'SUSPENDED'; reason?: string };

export type Tenant = {
  id: string;
  email: string;
  subscriptionTier: 'FREE' | 'STARTER' | 'GROWTH' | 'BUSINESS';
  status: 'PENDING_VERIFICATION' | 'ACTIVE' | 'SUSPENDED';
  sandbox: boolean;
  language: 'es' | 'en';
  documentQuota: number;
  documentCount: number;
  createdAt: string;
};

/** RUC, branch and issue point: whoever numbers documents. */
export type Issuer = {
  id: string;
  ruc: string;
  businessName: string;
  tradeName: string | null;
  branchCode: string;
  issuePointCode: string;
  branchAddress: string | null;
  color: string | null;
  certFingerprint: string | null;
  certExpiry: string | null;
};

/** RFC 9457. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code:
    | 'VALIDATION_FAILED'
    | 'BAD_REQUEST'
    | 'ISSUER_ID_REQUIRED'
    | 'ISSUER_ID_INVALID'
    | 'CERTIFICATE_INVALID'
    | 'CERTIFICATE_PASSWORD_INVALID'
    | 'CERTIFICATE_KEY_NOT_FOUND'
    | 'CERTIFICATE_EXPIRED'
    | 'INVALID_OR_EXPIRED_TOKEN'
    | 'DOCUMENT_TYPE_NOT_SUPPORTED'
    | 'DOCUMENT_TYPE_NOT_ENABLED'
    | 'INVALID_STATE_TRANSITION'
    | 'DOCUMENT_NOT_AUTHORIZED'
    | 'SELF_REVOCATION_FORBIDDEN'
    | 'UNAUTHORIZED'
    | 'API_KEY_ENV_MISMATCH'
    | 'QUOTA_EXCEEDED'
    | 'BRANCH_LIMIT_REACHED'
    | 'ISSUE_POINT_LIMIT_REACHED'
    | 'WEBHOOK_ENDPOINT_LIMIT_REACHED'
    | 'ACCOUNT_SUSPENDED'
    | 'EMAIL_VERIFICATION_REQUIRED'
    | 'PRODUCTION_KEY_REQUIRES_PROMOTION'
    | 'INSUFFICIENT_SCOPE'
    | 'SCOPE_ESCALATION_FORBIDDEN'
    | 'ISSUER_FORBIDDEN'
    | 'NOT_FOUND'
    | 'ISSUER_NOT_FOUND'
    | 'WEBHOOK_ENDPOINT_NOT_FOUND'
    | 'SOURCE_ISSUER_NOT_FOUND'
    | 'METHOD_NOT_ALLOWED'
    | 'NOT_ACCEPTABLE'
    | 'CONFLICT'
    | 'CREDIT_EXCEEDS_BALANCE'
    | 'ALREADY_VERIFIED'
    | 'SEQUENTIAL_CANNOT_DECREASE'
    | 'PAYLOAD_TOO_LARGE'
    | 'UNSUPPORTED_MEDIA_TYPE'
    | 'HEADERS_TOO_LARGE'
    | 'RESEND_COOLDOWN'
    | 'TOO_MANY_REQUESTS'
    | 'INTERNAL_ERROR'
    | 'SERVICE_UNAVAILABLE'
    | 'SERVER_BUSY'
    | 'RIDE_NOT_READY';
  detail?: string;
  instance?: string;
  errors?: { field: string; message: string; code: string; value?: unknown }[];
};

export type Verified = { ok: true; email: string; message: string };

export type TenantEvent = { id: string; eventType: string; detail: Record<string, unknown> | null; createdAt: string };

export type ReadinessCheck = {
  name: 'EMAIL_VERIFIED' | 'IN_SANDBOX' | 'CERTIFICATE' | 'TEST_DOCUMENT';
  ok: boolean;
  required: boolean;
  message: string;
  issuerId?: string;
  documentType?: string;
};

/** The counters of one document type. */
export type Sequentials = { documentType: string; sandbox: Counter; production: Counter };

export type Counter = { current: number; next: number };

/** An API key without its secret. */
export type Key = {
  id: string;
  label: string | null;
  environment: 'sandbox' | 'production';
  hint: string;
  scopes: (
    | 'documents:read'
    | 'documents:write'
    | 'issuers:read'
    | 'issuers:write'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'account:read'
    | 'account:write'
    | 'keys:manage'
  )[];
  active: boolean;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

export type Document = {
  accessKey: string;
  documentType: '01' | '03' | '04' | '05' | '06' | '07';
  sequential: string;
  status: DocumentStatus;
  issueDate: string;
  total: string;
  buyer: { idType: string; id: string; name: string; email: string | null };
  authorizationNumber?: string;
  authorizationDate?: string;
  email: { status: 'PENDING' | 'SENT' | 'FAILED' | 'SKIPPED'; sentAt?: string; error?: string };
  sriMessages?: SriMessage[];
  waitingForSri?: { service: 'reception' | 'authorization'; since: string };
  createdAt: string;
  updatedAt: string;
  requestPayload?: Record<string, unknown>;
};

export type SriMessage = {
  identifier: string;
  message: string;
  additionalInfo?: string;
  type: string;
  help?: SriMessageHelp;
};

export type SriMessageHelp = {
  cause: string;
  remedy: string;
  next: 'rebuild' | 'new-document' | 'wait' | 'contact-sri' | 'renew-certificate' | 'operator' | 'none';
  fields: string[];
};

export type DocumentTotals = {
  total: string;
  subtotal?: string;
  discount?: string;
  taxes?: ComputedTax[];
  tip?: string;
  lines?: { net: string; discount: string; taxes: ComputedTax[] }[];
};

export type ComputedTax = { code: string; rateCode: string; rate: string; base: string; amount: string };

export type DocumentEvent = {
  id: string;
  eventType:
    | 'CREATED'
    | 'SENT'
    | 'STATUS_CHANGED'
    | 'REBUILT'
    | 'ERROR'
    | 'EMAIL_SENT'
    | 'EMAIL_FAILED'
    | 'EMAIL_SKIPPED';
  fromStatus: DocumentStatus | null;
  toStatus: DocumentStatus | null;
  detail: Record<string, unknown> | null;
  createdAt: string;
};

export type CreditBalance = { total: string; credited: string; reserved: string; available: string };

export type Batch = {
  id: string;
  status: 'RUNNING' | 'PAUSED' | 'COMPLETED' | 'CANCELLED';
  lines: { total: number; pending: number; issued: number; refused: number; cancelled: number };
  createdAt: string;
  updatedAt: string;
  finishedAt: string | null;
};

export type BatchLineResult = {
  line: number;
  outcome: BatchLineOutcome;
  document: {
    accessKey: string;
    documentType: '01' | '03' | '04' | '05' | '06' | '07';
    sequential: string;
    status: DocumentStatus;
    total: string;
  } | null;
  replayed: boolean;
  problem: Problem | null;
};

export type Notification = {
  id: string;
  type: NotificationType;
  severity: 'INFO' | 'WARNING' | 'ERROR';
  title: string;
  message: string;
  metadata: Record<string, unknown> | null;
  issuerId: string | null;
  readAt: string | null;
  expiresAt: string | null;
  createdAt: string;
  version: number;
};

export type NotificationPreference = { type: NotificationType; enabled: boolean };

export type WebhookEndpoint = {
  id: string;
  url: string;
  eventTypes: NotificationType[];
  active: boolean;
  failingSince: string | null;
  createdAt: string;
  updatedAt: string;
};

export type WebhookDelivery = {
  id: string;
  type:
    | 'DOCUMENT_AUTHORIZED'
    | 'DOCUMENT_RETURNED'
    | 'DOCUMENT_NOT_AUTHORIZED'
    | 'CERT_EXPIRING'
    | 'CERT_EXPIRED'
    | 'SRI_SUBMISSION_FAILED'
    | 'EMAIL_DELIVERY_FAILED'
    | 'QUOTA_WARNING'
    | 'BATCH_COMPLETED'
    | 'WEBHOOK_DISABLED'
    | 'ping';
  status: DeliveryStatus;
  attempts: {
    attempt: number;
    outcome: 'accepted' | 'failed' | 'gone' | 'refused' | 'skipped';
    statusCode: number | null;
    error: string | null;
    answer: string | null;
    durationMs: number;
    createdAt: string;
  }[];
  createdAt: string;
  updatedAt: string;
};

export type WebhookReplay = {
  id: string;
  status: 'RUNNING' | 'DONE';
  from: string;
  to: string;
  deliveryStatus: DeliveryStatus;
  total: number;
  done: number;
  createdAt: string;
  updatedAt: string;
};

export type CertificateInspection = {
  ok: true;
  usable: boolean;
  opened: boolean;
  protection: { mac: string | null; ciphers: string[] };
  ruc: string | null;
  daysLeft: number | null;
  probe: { sha1: boolean; sha256: boolean } | null;
  certificates: InspectedCertificate[];
  problems: {
    code:
      | 'NOT_A_P12'
      | 'TOO_MANY_ROUNDS'
      | 'UNSUPPORTED_ENCRYPTION'
      | 'WRONG_PASSWORD'
      | 'NO_KEY'
      | 'NO_MATCHING_CERTIFICATE'
      | 'NO_SIGNING_CERTIFICATE'
      | 'KEY_UNUSABLE'
      | 'EXPIRED'
      | 'NOT_YET_VALID'
      | 'EXPIRES_SOON'
      | 'RUC_NOT_FOUND'
      | 'RUC_MISMATCH'
      | 'UNKNOWN_AUTHORITY'
      | 'PROBE_FAILED';
    severity: 'error' | 'warning';
    message: string;
    remedy: string;
  }[];
};

export type InspectedCertificate = {
  fingerprint: string;
  subject: string;
  issuer: string;
  serial: string;
  authority?: string;
  ruc?: string;
  cedula?: string;
  notBefore: string;
  notAfter: string;
  keyUsage: string[];
  key: string;
  isAuthority: boolean;
  hasKey: boolean;
  signs: boolean;
  why?: string;
};

export type SriServiceStatus = { status: 'UP' | 'FAILING' | 'AWAY'; since?: string };

export type CatalogRow = {
  code: string;
  name: string;
  taxType?: string;
  rate?: string;
  rates?: string[];
  rateKind?: string;
  since: string | null;
  until: string | null;
};

export type SriMessageEntry = {
  identifier: string;
  meaning: string;
  cause: string;
  remedy: string;
  next: 'rebuild' | 'new-document' | 'wait' | 'contact-sri' | 'renew-certificate' | 'operator' | 'none';
  rebuildHelps: boolean;
};

/** An issuer and whose it is. */
export type AdminIssuer = {
  tenantId: string;
  id: string;
  ruc: string;
  businessName: string;
  tradeName: string | null;
  branchCode: string;
  issuePointCode: string;
  branchAddress: string | null;
  color: string | null;
  certFingerprint: string | null;
  certExpiry: string | null;
};

export type Encryption = {
  ok: true;
  keys: EncryptionKey[];
  rotation: {
    to: string;
    status: 'NONE' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'UNKNOWN';
    startedAt: string | null;
    endedAt: string | null;
  };
};

export type EncryptionKey = {
  id: string;
  current: boolean;
  configured: boolean;
  total: number;
  values: { certificates: number; webhookSecrets: number; mails: number; answers: number };
};

/** One act of administration. */
export type AdminAudit = {
  id: string;
  who: 'admin';
  action: string;
  tenantId: string | null;
  subject: string | null;
  detail: Record<string, unknown> | null;
  requestId: string;
  createdAt: string;
};

export type StuckDocument = {
  accessKey: string;
  tenantId: string;
  issuerId: string;
  environment: 'sandbox' | 'production';
  status: 'CREATED' | 'PENDING_SEND' | 'RECEIVED' | 'RETURNED' | 'NOT_AUTHORIZED';
  since: string;
  waitsFor: 'SIGNATURE' | 'RECEPTION' | 'AUTHORIZATION' | 'REBUILD';
  sriMessages: SriMessage[];
  lastError: { at: string; detail: Record<string, unknown> | null } | null;
  workflow: 'RUNNING' | 'NOT_RUNNING' | 'UNKNOWN';
};

export type StuckTenant = {
  id: string;
  email: string;
  status: 'PENDING_VERIFICATION' | 'ACTIVE';
  reasons: {
    reason: 'VERIFICATION_MAIL_FAILED' | 'NOT_VERIFIED' | 'CERTIFICATE_EXPIRED' | 'QUOTA_USED_UP' | 'WEBHOOK_FAILING';
    since: string | null;
    subject: string | null;
  }[];
};

/** Every operation of the API, by its operationId. */
export function createClient(caller: Caller) {
  const call = createCall(caller);
  return {
    /** POST /v1/register: Register a tenant. */
    register: (request: {
      headers?: { 'Idempotency-Key'?: string };
      body: {
        email: string;
        ruc: string;
        businessName: string;
        tradeName?: string;
        mainAddress?: string;
        branchAddress?: string;
        branchCode: string;
        issuePointCode: string;
        specialTaxpayer?: string;
        withholdingAgent?: string;
        rimpe?: 'EMPRENDEDOR' | 'NEGOCIO_POPULAR';
        largeTaxpayer?: string;
        emissionType: '1';
        requiredAccounting: 'true' | 'false';
        documentTypes?: string;
        language?: 'es' | 'en';
        verificationRedirectUrl?: string;
        certPassword?: string;
        environment?: string;
        initialSequentials?: string;
        cert: Blob;
        logo?: Blob;
      };
    }) =>
      call<
        | Answer<200, { ok: true; tenant: Tenant; issuer: Issuer; apiKey: string; recovered: true }>
        | Answer<201, { ok: true; tenant: Tenant; issuer: Issuer; apiKey: string }>
        | Answer<400 | 403 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/register', request, 'multipart/form-data'),

    /** GET /v1/verify-email: Verify an e-mail address. */
    verifyEmail: (request: { query: { token: string } }) =>
      call<Answer<200, Verified> | Answer<400 | 403 | 406 | 429 | 431 | 500 | 503, Problem>>(
        'GET',
        '/v1/verify-email',
        request,
      ),

    /** POST /v1/verify-email: Verify an e-mail address, on purpose. */
    consumeVerificationToken: (request: { body: VerificationTokenIn }) =>
      call<Answer<200, Verified> | Answer<400 | 403 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>>(
        'POST',
        '/v1/verify-email',
        request,
      ),

    /** GET /v1/verify-email/check: Look whether a token would verify. */
    checkVerificationToken: (request: { query: { token: string } }) =>
      call<
        | Answer<200, { ok: true; valid: boolean; email: string | null }>
        | Answer<400 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/verify-email/check', request),

    /** POST /v1/resend-verification: Ask for another verification mail. */
    resendVerification: (request: { body: ResendVerificationIn }) =>
      call<
        | Answer<200, { ok: true; message: string }>
        | Answer<400 | 403 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/resend-verification', request),

    /** GET /v1/tenants/me: Get the account. */
    getTenant: () =>
      call<Answer<200, { ok: true; tenant: Tenant }> | Answer<401 | 403 | 406 | 429 | 431 | 500 | 503, Problem>>(
        'GET',
        '/v1/tenants/me',
        {},
      ),

    /** PATCH /v1/tenants/language: Set the language of the account. */
    setLanguage: (request: { body: { language: 'es' | 'en' } }) =>
      call<Answer<200, { ok: true }> | Answer<400 | 401 | 403 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>>(
        'PATCH',
        '/v1/tenants/language',
        request,
      ),

    /** GET /v1/tenants/events: List what happened to the account. */
    listTenantEvents: (request: { query?: { page?: number; limit?: number } } = {}) =>
      call<
        | Answer<200, { ok: true; events: TenantEvent[]; pagination: { total: number; page: number; limit: number } }>
        | Answer<400 | 401 | 403 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/tenants/events', request),

    /** GET /v1/tenants/promote/readiness: See whether the account is ready for production. */
    getPromotionReadiness: () =>
      call<
        | Answer<
            200,
            {
              ok: true;
              ready: boolean;
              checks: ReadinessCheck[];
              counters: { issuerId: string; documentType: string; next: number }[];
            }
          >
        | Answer<401 | 403 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/tenants/promote/readiness', {}),

    /** POST /v1/tenants/promote: Go to production. */
    promoteTenant: (request: { body?: PromoteIn } = {}) =>
      call<
        | Answer<200, { ok: true; apiKeys: { label: string | null; apiKey: string }[] }>
        | Answer<400 | 401 | 403 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/tenants/promote', request),

    /** GET /v1/issuers: List issuers. */
    listIssuers: (request: { query?: { page?: number; limit?: number } } = {}) =>
      call<
        | Answer<200, { ok: true; issuers: Issuer[]; pagination: { total: number; page: number; limit: number } }>
        | Answer<400 | 401 | 403 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/issuers', request),

    /** POST /v1/issuers: Add a branch or an issue point. */
    createIssuer: (request: {
      headers?: { 'Idempotency-Key'?: string };
      body: {
        branchCode: string;
        issuePointCode: string;
        branchAddress?: string;
        documentTypes?: string;
        initialSequentials?: string;
        sourceIssuerId?: string;
        certPassword?: string;
        cert?: Blob;
      };
    }) =>
      call<
        | Answer<201, { ok: true; issuer: Issuer }>
        | Answer<400 | 401 | 402 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/issuers', request, 'multipart/form-data'),

    /** GET /v1/issuers/{id}: Get one issuer. */
    getIssuer: (request: { params: { id: string } }) =>
      call<
        Answer<200, { ok: true; issuer: Issuer }> | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/issuers/{id}', request),

    /** PATCH /v1/issuers/{id}: Change names, addresses and colour of an issuer. */
    updateIssuer: (request: { params: { id: string }; body: IssuerPatch }) =>
      call<
        | Answer<200, { ok: true; issuer: Issuer }>
        | Answer<400 | 401 | 403 | 404 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('PATCH', '/v1/issuers/{id}', request),

    /** GET /v1/issuers/{id}/document-types: List the enabled document types of an issuer. */
    listIssuerDocumentTypes: (request: { params: { id: string } }) =>
      call<
        | Answer<200, { ok: true; documentTypes: string[] }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/issuers/{id}/document-types', request),

    /** POST /v1/issuers/{id}/document-types: Enable a document type. */
    enableIssuerDocumentType: (request: { params: { id: string }; body: DocumentTypeIn }) =>
      call<
        | Answer<200, { ok: true; documentTypes: string[] }>
        | Answer<400 | 401 | 403 | 404 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/issuers/{id}/document-types', request),

    /** DELETE /v1/issuers/{id}/document-types/{code}: Disable a document type. */
    disableIssuerDocumentType: (request: { params: { id: string; code: string } }) =>
      call<
        | Answer<200, { ok: true; documentTypes: string[] }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('DELETE', '/v1/issuers/{id}/document-types/{code}', request),

    /** PATCH /v1/issuers/{id}/logo: Change the logo of an issuer. */
    updateIssuerLogo: (request: { params: { id: string }; body: { logo: Blob } }) =>
      call<
        Answer<200, { ok: true }> | Answer<400 | 401 | 403 | 404 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('PATCH', '/v1/issuers/{id}/logo', request, 'multipart/form-data'),

    /** PATCH /v1/issuers/{id}/certificate: Renew the certificate of an issuer. */
    renewIssuerCertificate: (request: { params: { id: string }; body: { certPassword?: string; cert: Blob } }) =>
      call<
        | Answer<200, { ok: true; certFingerprint: string; certExpiry: string }>
        | Answer<400 | 401 | 403 | 404 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('PATCH', '/v1/issuers/{id}/certificate', request, 'multipart/form-data'),

    /** GET /v1/issuers/{id}/sequentials: Where the numbering of an issuer stands. */
    listIssuerSequentials: (request: { params: { id: string } }) =>
      call<
        | Answer<200, { ok: true; sequentials: Sequentials[] }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/issuers/{id}/sequentials', request),

    /** PATCH /v1/issuers/{id}/sequentials/{documentType}: Raise the next number. */
    raiseIssuerSequential: (request: { params: { id: string; documentType: string }; body: SequentialIn }) =>
      call<
        | Answer<200, { ok: true; sequential: Sequentials }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('PATCH', '/v1/issuers/{id}/sequentials/{documentType}', request),

    /** GET /v1/keys: List API keys. */
    listKeys: (request: { query?: { page?: number; limit?: number } } = {}) =>
      call<
        | Answer<200, { ok: true; keys: Key[]; pagination: { total: number; page: number; limit: number } }>
        | Answer<400 | 401 | 403 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/keys', request),

    /** POST /v1/keys: Make an API key. */
    createKey: (request: { headers?: { 'Idempotency-Key'?: string }; body: KeyIn }) =>
      call<
        | Answer<201, { ok: true; apiKey: string; key: Key }>
        | Answer<400 | 401 | 403 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/keys', request),

    /** DELETE /v1/keys/{id}: Revoke an API key. */
    revokeKey: (request: { params: { id: string } }) =>
      call<Answer<200, { ok: true }> | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>>(
        'DELETE',
        '/v1/keys/{id}',
        request,
      ),

    /** GET /v1/documents: List documents. */
    listDocuments: (
      request: {
        query?: {
          status?: DocumentStatus;
          documentType?: '01' | '03' | '04' | '05' | '06' | '07';
          from?: string;
          to?: string;
          sequential?: string;
          buyerName?: string;
          sortBy?: 'issueDate' | 'sequential' | 'buyerName' | 'status';
          sortDir?: 'asc' | 'desc';
          page?: number;
          cursor?: string;
          limit?: number;
        };
      } = {},
    ) =>
      call<
        | Answer<
            200,
            {
              ok: true;
              data: Document[];
              pagination: {
                limit: number;
                nextCursor: string | null;
                page?: number;
                total?: number;
                totalIsCapped?: boolean;
              };
            }
          >
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/documents', request),

    /** POST /v1/documents: Create and sign a document. */
    createDocument: (request: { headers?: { Prefer?: string; 'Idempotency-Key'?: string }; body: DocumentIn }) =>
      call<
        | Answer<200 | 201, { ok: true; document: Document }>
        | Answer<400 | 401 | 402 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/documents', request),

    /** GET /v1/documents/stats: Count documents. */
    documentStats: (
      request: { query?: { from?: string; to?: string; documentType?: '01' | '03' | '04' | '05' | '06' | '07' } } = {},
    ) =>
      call<
        | Answer<
            200,
            {
              ok: true;
              stats: {
                from: string;
                to: string;
                count: number;
                total: string;
                byStatus: { status: DocumentStatus; count: number; total: string }[];
                byDocumentType: {
                  documentType: '01' | '03' | '04' | '05' | '06' | '07';
                  count: number;
                  total: string;
                  byStatus: { status: DocumentStatus; count: number; total: string }[];
                }[];
                byDay: {
                  date: string;
                  count: number;
                  total: string;
                  byStatus: { status: DocumentStatus; count: number; total: string }[];
                }[];
              };
            }
          >
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/documents/stats', request),

    /** POST /v1/documents/validate: Try a document out. */
    validateDocument: (request: { body: DocumentIn }) =>
      call<
        | Answer<200, { ok: true; issueDate: string; totals: DocumentTotals }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/documents/validate', request),

    /** GET /v1/documents/{accessKey}: Get one document. */
    getDocument: (request: { params: { accessKey: string }; headers?: { 'If-None-Match'?: string } }) =>
      call<
        | Answer<200, { ok: true; document: Document }>
        | Answer<304, undefined>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/documents/{accessKey}', request),

    /** GET /v1/documents/{accessKey}/events: What happened to a document. */
    listDocumentEvents: (request: { params: { accessKey: string } }) =>
      call<
        | Answer<200, { ok: true; events: DocumentEvent[] }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/documents/{accessKey}/events', request),

    /** POST /v1/documents/{accessKey}/send: Send a signed document to SRI. */
    sendDocument: (request: { params: { accessKey: string }; headers?: { Prefer?: string } }) =>
      call<
        | Answer<200 | 202, { ok: true; document: Document }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/documents/{accessKey}/send', request),

    /** GET /v1/documents/{accessKey}/authorize: Ask SRI for the authorization. */
    authorizeDocument: (request: { params: { accessKey: string }; headers?: { Prefer?: string } }) =>
      call<
        | Answer<200 | 202, { ok: true; document: Document }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/documents/{accessKey}/authorize', request),

    /** POST /v1/documents/{accessKey}/rebuild: Correct a refused document. */
    rebuildDocument: (request: {
      params: { accessKey: string };
      headers?: { Prefer?: string };
      body: DocumentRebuildIn;
    }) =>
      call<
        | Answer<200, { ok: true; document: Document }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/documents/{accessKey}/rebuild', request),

    /** GET /v1/documents/{accessKey}/ride: Download the printed form (RIDE). */
    getRide: (request: {
      params: { accessKey: string };
      query?: { format?: 'a4' | 'ticket' };
      headers?: { Prefer?: string; 'If-None-Match'?: string };
    }) =>
      call<
        | Answer<200, Uint8Array>
        | Answer<304, undefined>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/documents/{accessKey}/ride', request),

    /** GET /v1/documents/{accessKey}/xml: Download the XML. */
    getXml: (request: { params: { accessKey: string }; headers?: { 'If-None-Match'?: string } }) =>
      call<
        | Answer<200, Uint8Array>
        | Answer<304, undefined>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/documents/{accessKey}/xml', request),

    /** POST /v1/documents/{accessKey}/email-retry: Send the mail of an authorized document again. */
    retryEmail: (request: {
      params: { accessKey: string };
      query?: { force?: 'true' | 'false' };
      headers?: { Prefer?: string; 'Idempotency-Key'?: string };
    }) =>
      call<
        | Answer<200 | 202, { ok: true; result: { sent: boolean; messageId: string } }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/documents/{accessKey}/email-retry', request),

    /** POST /v1/documents/email-retry: Send the mails that have not gone out. */
    retryEmails: (request: { headers?: { Prefer?: string; 'Idempotency-Key'?: string } } = {}) =>
      call<
        | Answer<200 | 202, { ok: true; result: { attempted: number; succeeded: number; failed: number } }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/documents/email-retry', request),

    /** GET /v1/documents/{accessKey}/credit-notes: Credit notes on a document, and what is left of it. */
    listCreditNotes: (request: { params: { accessKey: string }; query?: { limit?: number; cursor?: string } }) =>
      call<
        | Answer<
            200,
            {
              ok: true;
              balance: CreditBalance;
              data: Document[];
              pagination: { limit: number; nextCursor: string | null };
            }
          >
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/documents/{accessKey}/credit-notes', request),

    /** POST /v1/batches: Create many documents. */
    createBatch: (request: { headers?: { 'Idempotency-Key'?: string }; body: string }) =>
      call<
        | Answer<202, { ok: true; batch: Batch }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/batches', request, 'application/x-ndjson'),

    /** GET /v1/batches: List batches. */
    listBatches: (request: { query?: { limit?: number; cursor?: string } } = {}) =>
      call<
        | Answer<200, { ok: true; batches: Batch[]; pagination: { limit: number; nextCursor: string | null } }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/batches', request),

    /** GET /v1/batches/{id}: How far a batch has come. */
    getBatch: (request: { params: { id: string } }) =>
      call<
        Answer<200, { ok: true; batch: Batch }> | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/batches/{id}', request),

    /** GET /v1/batches/{id}/results: What became of the lines of a batch. */
    listBatchResults: (request: {
      params: { id: string };
      query?: { outcome?: BatchLineOutcome; limit?: number; cursor?: number };
    }) =>
      call<
        | Answer<
            200,
            { ok: true; results: BatchLineResult[]; pagination: { limit: number; nextCursor: string | null } }
          >
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/batches/{id}/results', request),

    /** POST /v1/batches/{id}/pause: Pause a batch. */
    pauseBatch: (request: { params: { id: string } }) =>
      call<
        | Answer<200, { ok: true; batch: Batch }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/batches/{id}/pause', request),

    /** POST /v1/batches/{id}/resume: Let a paused batch go on. */
    resumeBatch: (request: { params: { id: string } }) =>
      call<
        | Answer<200, { ok: true; batch: Batch }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/batches/{id}/resume', request),

    /** POST /v1/batches/{id}/cancel: Give up the rest of a batch. */
    cancelBatch: (request: { params: { id: string } }) =>
      call<
        | Answer<200, { ok: true; batch: Batch }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/batches/{id}/cancel', request),

    /** GET /v1/notifications: List notifications. */
    listNotifications: (
      request: { query?: { sinceId?: string; updatedSince?: number; limit?: number; cursor?: string } } = {},
    ) =>
      call<
        | Answer<
            200,
            {
              notifications: Notification[];
              unreadCount: number;
              hasMore: boolean;
              pagination: { limit: number; nextCursor: string | null };
            }
          >
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/notifications', request),

    /** POST /v1/notifications/{id}/read: Mark a notification as read. */
    readNotification: (request: { params: { id: string } }) =>
      call<
        | Answer<200, { notification: Notification }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/notifications/{id}/read', request),

    /** GET /v1/notifications/preferences: What the account wants to be told. */
    getNotificationPreferences: () =>
      call<
        | Answer<200, { preferences: NotificationPreference[] }>
        | Answer<401 | 403 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/notifications/preferences', {}),

    /** PATCH /v1/notifications/preferences: Switch notifications on or off. */
    changeNotificationPreferences: (request: { body: { type: NotificationType; enabled: boolean }[] }) =>
      call<
        | Answer<200, { preferences: NotificationPreference[] }>
        | Answer<400 | 401 | 403 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('PATCH', '/v1/notifications/preferences', request),

    /** POST /v1/webhooks: Create a webhook endpoint. */
    createWebhook: (request: { headers?: { 'Idempotency-Key'?: string }; body: WebhookEndpointIn }) =>
      call<
        | Answer<201, { ok: true; endpoint: WebhookEndpoint; secret: string }>
        | Answer<400 | 401 | 402 | 403 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/webhooks', request),

    /** GET /v1/webhooks: List webhook endpoints. */
    listWebhooks: (request: { query?: { active?: 'true' | 'false' | 'all'; limit?: number; cursor?: string } } = {}) =>
      call<
        | Answer<
            200,
            { ok: true; endpoints: WebhookEndpoint[]; pagination: { limit: number; nextCursor: string | null } }
          >
        | Answer<400 | 401 | 403 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/webhooks', request),

    /** PATCH /v1/webhooks/{id}: Change a webhook endpoint. */
    changeWebhook: (request: { params: { id: string }; body: WebhookEndpointChange }) =>
      call<
        | Answer<200, { ok: true; endpoint: WebhookEndpoint }>
        | Answer<400 | 401 | 402 | 403 | 404 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('PATCH', '/v1/webhooks/{id}', request),

    /** DELETE /v1/webhooks/{id}: Delete a webhook endpoint. */
    deleteWebhook: (request: { params: { id: string } }) =>
      call<Answer<200, { ok: true }> | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>>(
        'DELETE',
        '/v1/webhooks/{id}',
        request,
      ),

    /** POST /v1/webhooks/{id}/rotate-secret: Give an endpoint another secret. */
    rotateWebhookSecret: (request: {
      params: { id: string };
      headers?: { 'Idempotency-Key'?: string };
      body?: { overlapHours?: number };
    }) =>
      call<
        | Answer<200, { ok: true; endpoint: WebhookEndpoint; secret: string; previousSecretUntil: string | null }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/webhooks/{id}/rotate-secret', request),

    /** GET /v1/webhooks/{id}/deliveries: What was delivered to an endpoint. */
    listWebhookDeliveries: (request: {
      params: { id: string };
      query?: { status?: DeliveryStatus; limit?: number; cursor?: string };
    }) =>
      call<
        | Answer<
            200,
            { ok: true; deliveries: WebhookDelivery[]; pagination: { limit: number; nextCursor: string | null } }
          >
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/webhooks/{id}/deliveries', request),

    /** POST /v1/webhooks/{id}/deliveries/{deliveryId}/replay: Deliver one webhook again. */
    replayWebhookDelivery: (request: { params: { id: string; deliveryId: string } }) =>
      call<
        | Answer<202, { ok: true; delivery: WebhookDelivery }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/webhooks/{id}/deliveries/{deliveryId}/replay', request),

    /** POST /v1/webhooks/{id}/replay: Deliver the webhooks of a window again. */
    replayWebhookWindow: (request: {
      params: { id: string };
      headers?: { 'Idempotency-Key'?: string };
      body: WebhookReplayIn;
    }) =>
      call<
        | Answer<202, { ok: true; replay: WebhookReplay }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/webhooks/{id}/replay', request),

    /** GET /v1/webhooks/{id}/replays/{replayId}: How far a replay has come. */
    getWebhookReplay: (request: { params: { id: string; replayId: string } }) =>
      call<
        | Answer<200, { ok: true; replay: WebhookReplay }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/webhooks/{id}/replays/{replayId}', request),

    /** POST /v1/webhooks/{id}/ping: See whether a webhook arrives. */
    pingWebhook: (request: { params: { id: string }; headers?: { Prefer?: string } }) =>
      call<
        | Answer<200 | 202, { ok: true; delivery: WebhookDelivery }>
        | Answer<400 | 401 | 403 | 404 | 406 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/webhooks/{id}/ping', request),

    /** POST /v1/certificates/inspect: See what a certificate file is good for. */
    inspectCertificate: (request: { body: { certPassword?: string; ruc?: string; cert: Blob } }) =>
      call<Answer<200, CertificateInspection> | Answer<400 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>>(
        'POST',
        '/v1/certificates/inspect',
        request,
        'multipart/form-data',
      ),

    /** GET /v1/sri/status: Whether SRI answers, and since when it does not. */
    sriStatus: () =>
      call<
        | Answer<
            200,
            {
              ok: true;
              environment: 'sandbox' | 'production';
              reception: SriServiceStatus;
              authorization: SriServiceStatus;
              waiting: { documents: number; since?: string };
            }
          >
        | Answer<401 | 403 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/sri/status', {}),

    /** GET /v1/catalogs/document-types: Types of electronic document. */
    listDocumentTypes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/document-types', request),

    /** GET /v1/catalogs/id-types: Kinds of identification. */
    listIdTypes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/id-types', request),

    /** GET /v1/catalogs/payment-methods: Payment methods. */
    listPaymentMethods: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/payment-methods', request),

    /** GET /v1/catalogs/term-units: Units of a payment term. */
    listTermUnits: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/term-units', request),

    /** GET /v1/catalogs/tax-types: Taxes of a line. */
    listTaxTypes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/tax-types', request),

    /** GET /v1/catalogs/tax-rates: Rates of IVA and IRBPNR. */
    listTaxRates: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/tax-rates', request),

    /** GET /v1/catalogs/ice-codes: Codes of ICE; a line states its tariff. */
    listIceCodes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/ice-codes', request),

    /** GET /v1/catalogs/auxiliary-codes: Auxiliary codes of building materials and transport. */
    listAuxiliaryCodes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/auxiliary-codes', request),

    /** GET /v1/catalogs/retention-taxes: Taxes that are retained. */
    listRetentionTaxes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/retention-taxes', request),

    /** GET /v1/catalogs/retention-codes: Codes of retention, with their percentages. */
    listRetentionCodes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/retention-codes', request),

    /** GET /v1/catalogs/support-types: What a purchase is for (`codSustento`). */
    listSupportTypes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/support-types', request),

    /** GET /v1/catalogs/support-documents: Types of supporting document (`codDocSustento`, `codDocReembolso`). */
    listSupportDocuments: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/support-documents', request),

    /** GET /v1/catalogs/presumptive-codes: What fuel and press retain in advance within a factura. */
    listPresumptiveCodes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/presumptive-codes', request),

    /** GET /v1/catalogs/provider-types: Kinds of reimbursed provider. */
    listProviderTypes: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/provider-types', request),

    /** GET /v1/catalogs/countries: Countries, by SRI's numbers. */
    listCountries: (request: { query?: { date?: string } } = {}) =>
      call<
        Answer<200, { ok: true; source: string; data: CatalogRow[] }> | Answer<400 | 406 | 431 | 500 | 503, Problem>
      >('GET', '/v1/catalogs/countries', request),

    /** GET /v1/catalogs/sri-messages: What the messages of SRI mean, and what to do. */
    listSriMessages: () =>
      call<Answer<200, { ok: true; source: string; data: SriMessageEntry[] }> | Answer<406 | 431 | 500 | 503, Problem>>(
        'GET',
        '/v1/catalogs/sri-messages',
        {},
      ),

    /** POST /v1/admin/tenants: Make an account. */
    adminCreateTenant: (request: { headers?: { 'Idempotency-Key'?: string }; body: AdminTenantIn }) =>
      call<
        | Answer<201, { ok: true; tenant: Tenant }>
        | Answer<400 | 401 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/admin/tenants', request),

    /** GET /v1/admin/tenants: List accounts. */
    adminListTenants: (request: { query?: { limit?: number; cursor?: string } } = {}) =>
      call<
        | Answer<200, { ok: true; tenants: Tenant[]; pagination: { limit: number; nextCursor: string | null } }>
        | Answer<400 | 401 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/admin/tenants', request),

    /** PATCH /v1/admin/tenants/{id}/tier: Move an account to a tier. */
    adminChangeTier: (request: { params: { id: string }; body: TierIn }) =>
      call<
        | Answer<200, { ok: true; tenant: Tenant }>
        | Answer<400 | 401 | 404 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('PATCH', '/v1/admin/tenants/{id}/tier', request),

    /** PATCH /v1/admin/tenants/{id}/status: Suspend an account, or let it go on. */
    adminChangeStatus: (request: { params: { id: string }; body: TenantStatusIn }) =>
      call<
        | Answer<200, { ok: true; tenant: Tenant }>
        | Answer<400 | 401 | 404 | 406 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('PATCH', '/v1/admin/tenants/{id}/status', request),

    /** POST /v1/admin/tenants/{id}/verify: Take the address of an account for proven. */
    adminVerifyTenant: (request: { params: { id: string } }) =>
      call<
        Answer<200, { ok: true; tenant: Tenant }> | Answer<400 | 401 | 404 | 406 | 409 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/admin/tenants/{id}/verify', request),

    /** POST /v1/admin/tenants/{id}/promote: Take an account to production. */
    adminPromoteTenant: (request: { params: { id: string }; body?: PromoteIn }) =>
      call<
        | Answer<200, { ok: true; apiKeys: { label: string | null; apiKey: string }[] }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/admin/tenants/{id}/promote', request),

    /** POST /v1/admin/tenants/{id}/api-keys: Make an API key for an account. */
    adminCreateKey: (request: { params: { id: string }; headers?: { 'Idempotency-Key'?: string }; body: KeyIn }) =>
      call<
        | Answer<201, { ok: true; apiKey: string; key: Key }>
        | Answer<400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/admin/tenants/{id}/api-keys', request),

    /** DELETE /v1/admin/api-keys/{id}: Revoke an API key of any account. */
    adminRevokeKey: (request: { params: { id: string } }) =>
      call<Answer<200, { ok: true }> | Answer<400 | 401 | 404 | 406 | 429 | 431 | 500 | 503, Problem>>(
        'DELETE',
        '/v1/admin/api-keys/{id}',
        request,
      ),

    /** POST /v1/admin/issuers: Add an issuer to an account. */
    adminCreateIssuer: (request: {
      headers?: { 'Idempotency-Key'?: string };
      body: {
        tenantId: string;
        ruc?: string;
        businessName?: string;
        tradeName?: string;
        mainAddress?: string;
        specialTaxpayer?: string;
        withholdingAgent?: string;
        rimpe?: 'EMPRENDEDOR' | 'NEGOCIO_POPULAR';
        largeTaxpayer?: string;
        emissionType?: '1';
        requiredAccounting?: 'true' | 'false';
        branchCode: string;
        issuePointCode: string;
        branchAddress?: string;
        documentTypes?: string;
        initialSequentials?: string;
        certPassword?: string;
        sourceIssuerId?: string;
        cert?: Blob;
      };
    }) =>
      call<
        | Answer<201, { ok: true; issuer: AdminIssuer }>
        | Answer<400 | 401 | 402 | 403 | 404 | 406 | 409 | 413 | 415 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/admin/issuers', request, 'multipart/form-data'),

    /** GET /v1/admin/issuers: List the issuers of all accounts. */
    adminListIssuers: (request: { query?: { limit?: number; cursor?: string } } = {}) =>
      call<
        | Answer<200, { ok: true; issuers: AdminIssuer[]; pagination: { limit: number; nextCursor: string | null } }>
        | Answer<400 | 401 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/admin/issuers', request),

    /** GET /v1/admin/encryption-keys: See what is encrypted under which key. */
    adminGetEncryptionKeys: () =>
      call<Answer<200, Encryption> | Answer<401 | 406 | 429 | 431 | 500 | 503, Problem>>(
        'GET',
        '/v1/admin/encryption-keys',
        {},
      ),

    /** POST /v1/admin/encryption-keys/rotate: Encrypt everything anew under the current key. */
    adminRotateEncryptionKeys: () =>
      call<Answer<202, Encryption> | Answer<401 | 406 | 429 | 431 | 500 | 503, Problem>>(
        'POST',
        '/v1/admin/encryption-keys/rotate',
        {},
      ),

    /** GET /v1/admin/audit: List what administration has done. */
    adminListAudit: (request: { query?: { limit?: number; cursor?: string; tenantId?: string } } = {}) =>
      call<
        | Answer<200, { ok: true; audit: AdminAudit[]; pagination: { limit: number; nextCursor: string | null } }>
        | Answer<400 | 401 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/admin/audit', request),

    /** POST /v1/admin/jobs/notifications: Do now what is due to be told. */
    adminRunNotifications: () =>
      call<
        | Answer<
            200,
            {
              ok: true;
              tenantsChecked: number;
              retries: { attempted: number; succeeded: number; failed: number; exhausted: number };
            }
          >
        | Answer<401 | 406 | 429 | 431 | 500 | 503, Problem>
      >('POST', '/v1/admin/jobs/notifications', {}),

    /** GET /v1/admin/stuck/documents: List documents that do not move, and why. */
    adminListStuckDocuments: (
      request: {
        query?: {
          limit?: number;
          cursor?: string;
          status?: 'CREATED' | 'PENDING_SEND' | 'RECEIVED' | 'RETURNED' | 'NOT_AUTHORIZED';
          minutes?: number;
        };
      } = {},
    ) =>
      call<
        | Answer<
            200,
            { ok: true; documents: StuckDocument[]; pagination: { limit: number; nextCursor: string | null } }
          >
        | Answer<400 | 401 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/admin/stuck/documents', request),

    /** GET /v1/admin/stuck/tenants: List accounts that cannot go on by themselves, and why. */
    adminListStuckTenants: (request: { query?: { limit?: number; cursor?: string } } = {}) =>
      call<
        | Answer<200, { ok: true; tenants: StuckTenant[]; pagination: { limit: number; nextCursor: string | null } }>
        | Answer<400 | 401 | 406 | 429 | 431 | 500 | 503, Problem>
      >('GET', '/v1/admin/stuck/tenants', request),

    /** GET /health: Whether the service and its database are there. */
    health: () =>
      call<
        | Answer<200, { status: 'ok'; uptime: number; version: string }>
        | Answer<406 | 431 | 500, Problem>
        | Answer<503, { status: 'error'; uptime: number; version: string }>
      >('GET', '/health', {}),

    /** GET /livez: Whether the process is alive. */
    live: () => call<Answer<200, { status: 'ok' }> | Answer<406 | 431 | 500, Problem>>('GET', '/livez', {}),

    /** GET /readyz: Whether requests should be sent here. */
    ready: () =>
      call<
        | Answer<
            200,
            {
              status: 'ok';
              checks: {
                database: 'ok' | 'error';
                migrations: 'ok' | 'error';
                temporal: 'ok' | 'error';
                running: 'ok' | 'error';
              };
            }
          >
        | Answer<406 | 431 | 500, Problem>
        | Answer<
            503,
            {
              status: 'error';
              checks: {
                database: 'ok' | 'error';
                migrations: 'ok' | 'error';
                temporal: 'ok' | 'error';
                running: 'ok' | 'error';
              };
            }
          >
      >('GET', '/readyz', {}),

    /** GET /openapi.json: This document. */
    openApi: () =>
      call<Answer<200, Record<string, unknown>> | Answer<406 | 431 | 500, Problem>>('GET', '/openapi.json', {}),

    /** GET /docs: The same for people. */
    docs: () => call<Answer<200, Uint8Array> | Answer<406 | 431 | 500, Problem>>('GET', '/docs', {}),

    /** GET /problems/{slug}: What the `type` of a problem leads to. */
    problem: (request: { params: { slug: string } }) =>
      call<Answer<303, undefined> | Answer<400 | 404 | 431 | 500, Problem>>('GET', '/problems/{slug}', request),
  };
}
