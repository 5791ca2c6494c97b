import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { openPkcs12 } from '../../../../domain/signing/pkcs12.ts';
import { Document, Ride } from '../../../../domain/store/entities/document.ts';
import { Certificate, Issuer } from '../../../../domain/store/entities/issuer.ts';
import { signingKeyContext } from '../../../../domain/store/signing-key.ts';
import { sampleBuyer, sampleItem, sampleSale } from '../../sales.ts';
import { P12_PASSWORD, type Shop, until } from '../../shop.ts';
import { type Ask, exampleBody, send } from '../ask.ts';
import type { Make, Scenario, Scenarios } from '../scenario.ts';
import { asShop, type Street, type StreetShop } from '../street.ts';

const about = (accessKey: string, ask: Ask = {}): Ask => ({ ...ask, params: { accessKey } });
const unknown: Make = () => about('0'.repeat(49));
const patient = { prefer: 'wait=60' };
const impatient = { prefer: 'wait=0' };

/** A signed document that nobody has sent. */
async function signed({ shop }: Street): Promise<string> {
  return (await shop.sell()).body.document.accessKey;
}

/** A document that SRI has returned. */
async function returned({ stack }: Street, shop: Shop): Promise<string> {
  await stack.sri.fault({ service: 'reception', fault: 'code', code: '35', times: 1 });
  return (await shop.sell({ autoSend: true }, patient)).body.document.accessKey;
}

const once = new WeakMap<Street, Promise<string>>();

/** An authorized document whose mail has gone out and whose printed form is there. */
export function authorized(street: Street): Promise<string> {
  const known = once.get(street) ?? authorize(street);
  once.set(street, known);
  return known;
}

async function authorize({ shop }: Street): Promise<string> {
  const { accessKey } = (await shop.sell({ autoSend: true }, patient)).body.document;
  await until('the mail of an authorized document', async () => {
    const { document } = (await shop.get(`/v1/documents/${accessKey}`)).body;
    return document.status === 'AUTHORIZED' && document.email.status === 'SENT';
  });
  return accessKey;
}

/** What the caller has already is not sent again. */
const unchanged: Make = async (street, row) => {
  const ask = about(await authorized(street), { headers: patient });
  const { headers } = await send(street, row, ask);
  return { ...ask, headers: { ...patient, 'if-none-match': headers.get('etag')! } };
};

async function change({ stack }: Street, accessKey: string, changes: Partial<Document>): Promise<void> {
  await stack.store.asSystem((em) => em.nativeUpdate(Document, { accessKey }, changes));
}

/** What keeps a document from being written; `make` prepares the rest in a shop of its own. */
function writing(make: (street: Street, shop: StreetShop) => Promise<Ask> = async () => ({})): Scenario {
  const after =
    (harm: (em: EntityManager, shop: StreetShop, street: Street) => Promise<unknown>): Make =>
    async (street) => {
      const shop = await street.open();
      const ask = await make(street, shop);
      await street.stack.store.asSystem((em) => harm(em, shop, street));
      return { ...ask, who: asShop(shop) };
    };
  return {
    DOCUMENT_TYPE_NOT_SUPPORTED: (_, row) => ({ body: { ...(exampleBody(row) as object), documentType: '99' } }),
    DOCUMENT_TYPE_NOT_ENABLED: after((em, { issuerId }) =>
      em.nativeUpdate(Issuer, { id: issuerId }, { documentTypes: [] }),
    ),
    CERTIFICATE_EXPIRED: after((em, { tenantId }) =>
      em.nativeUpdate(Certificate, { tenantId }, { notAfter: new Date(0) }),
    ),
    // A certificate with another's key.
    CERTIFICATE_INVALID: after(async (em, { issuerId, tenantId, ruc }, { p12, stack }) => {
      const { fingerprint, subject, notBefore, notAfter } = await em.findOneOrFail(Certificate, { tenantId });
      const id = v7();
      const { privateKeyDer } = openPkcs12(p12(ruc), P12_PASSWORD);
      const { certificateDer } = openPkcs12(p12(ruc), P12_PASSWORD);
      await em.insert(Certificate, {
        id,
        tenantId,
        fingerprint,
        subject,
        notBefore,
        notAfter,
        createdAt: new Date(),
        certificate: Buffer.from(certificateDer),
        sealedKey: stack.apiDeps.sealer.seal(privateKeyDer, signingKeyContext(id)),
      });
      await em.nativeUpdate(Issuer, { id: issuerId }, { certificateId: id });
    }),
  };
}

/** A shop that issues credit notes, and a note over so many units of what it has sold two of. */
async function crediting(street: Street) {
  const shop = await street.open();
  await shop.post(`/v1/issuers/${shop.issuerId}/document-types`, { documentType: '04' });
  const { accessKey } = (await shop.sell({ autoSend: true }, patient)).body.document;
  const { email: _, ...buyer } = sampleBuyer;
  const note = (quantity: string) => ({
    documentType: '04',
    buyer,
    modifies: { accessKey },
    reason: 'Devolución',
    items: [sampleItem({ quantity })],
  });
  return { shop, accessKey, note };
}

const overCredited: Make = async (street) => {
  const { shop, note } = await crediting(street);
  return { who: asShop(shop), body: note('3') };
};

export const documentScenarios: Scenarios = {
  createDocument: {
    200: async (street, row) => {
      const ask = { headers: { 'idempotency-key': 'sale-1' } };
      await send(street, row, ask);
      return ask;
    },
    ...writing(),
    CREDIT_EXCEEDS_BALANCE: overCredited,
    QUOTA_EXCEEDED: async (street) => {
      const shop = await street.open();
      await street.setTenant(shop, { documentQuota: 0 });
      return { who: asShop(shop) };
    },
    CONFLICT: async (street, row) => {
      const headers = { 'idempotency-key': 'sale-2' };
      await send(street, row, { headers });
      return { headers, body: sampleSale() };
    },
  },
  validateDocument: { ...writing(), CREDIT_EXCEEDS_BALANCE: overCredited },
  listCreditNotes: {
    200: async (street) => {
      const { shop, accessKey, note } = await crediting(street);
      await shop.post('/v1/documents', note('1'));
      return { ...about(accessKey), who: asShop(shop) };
    },
    NOT_FOUND: unknown,
  },
  getDocument: { 200: async (street) => about(await signed(street)), 304: unchanged, NOT_FOUND: unknown },
  listDocumentEvents: { 200: async (street) => about(await signed(street)), NOT_FOUND: unknown },
  getXml: {
    200: async (street) => about(await signed(street)),
    304: unchanged,
    NOT_FOUND: unknown,
    INVALID_STATE_TRANSITION: async (street) => {
      const accessKey = await signed(street);
      await change(street, accessKey, { status: 'CREATED', signedXml: null });
      return about(accessKey);
    },
  },
  getRide: {
    200: async (street) => about(await authorized(street), { query: { format: 'ticket' }, headers: patient }),
    304: unchanged,
    NOT_FOUND: unknown,
    DOCUMENT_NOT_AUTHORIZED: async (street) => about(await signed(street)),
    VALIDATION_FAILED: async (street) => {
      const { shop, note } = await crediting(street);
      const { accessKey } = (await shop.post('/v1/documents', note('1'))).body.document;
      return { ...about(accessKey, { query: { format: 'ticket' } }), who: asShop(shop) };
    },
    RIDE_NOT_READY: async (street) => {
      const accessKey = await authorize(street);
      await street.stack.store.asSystem(async (em) => {
        const { id } = await em.findOneOrFail(Document, { accessKey });
        await em.nativeDelete(Ride, { documentId: id });
      });
      return about(accessKey, { headers: impatient });
    },
  },
  sendDocument: {
    200: async (street) => about(await signed(street), { headers: patient }),
    202: async (street) => {
      const accessKey = await signed(street);
      await street.stack.sri.fault({ service: 'reception', fault: 'down', accessKey });
      return about(accessKey, { headers: impatient });
    },
    NOT_FOUND: unknown,
    INVALID_STATE_TRANSITION: async (street) => about(await authorized(street)),
  },
  authorizeDocument: {
    200: async (street) => about(await authorized(street)),
    202: async (street) => {
      const accessKey = await signed(street);
      await street.stack.sri.fault({ service: 'authorization', fault: 'down', accessKey });
      await street.shop.post(`/v1/documents/${accessKey}/send`, undefined, patient);
      return about(accessKey, { headers: impatient });
    },
    NOT_FOUND: unknown,
    INVALID_STATE_TRANSITION: async (street) => about(await signed(street)),
  },
  rebuildDocument: {
    200: async (street) => about(await returned(street, street.shop), { headers: patient }),
    NOT_FOUND: unknown,
    INVALID_STATE_TRANSITION: async (street) => about(await signed(street)),
    ...writing(async (street, shop) => about(await returned(street, shop))),
    CREDIT_EXCEEDS_BALANCE: async (street) => {
      const { shop, note } = await crediting(street);
      await street.stack.sri.fault({ service: 'reception', fault: 'code', code: '35', times: 1 });
      const { document } = (await shop.post('/v1/documents', { ...note('1'), autoSend: true }, patient)).body;
      return { ...about(document.accessKey), who: asShop(shop), body: note('3') };
    },
  },
  retryEmail: {
    200: async (street) => about(await authorized(street), { query: { force: 'true' }, headers: patient }),
    202: async (street) => about(await authorized(street), { query: { force: 'true' }, headers: impatient }),
    NOT_FOUND: unknown,
    DOCUMENT_NOT_AUTHORIZED: async (street) => about(await signed(street)),
    BAD_REQUEST: async (street) => {
      const accessKey = await authorized(street);
      // Those before have had it mailed again, which may be under way.
      await change(street, accessKey, { emailStatus: 'SENT' });
      return about(accessKey);
    },
  },
  retryEmails: {
    202: async (street) => {
      await change(street, await authorized(street), { emailStatus: 'FAILED' });
      return { headers: impatient };
    },
  },
};
