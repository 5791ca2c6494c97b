import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type FacturaIn } from '../support/api-client.ts';
import { P12_PASSWORD, SHOP_RUC, verificationLink } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let client: ReturnType<typeof createClient>;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

const sale: FacturaIn = {
  documentType: '01',
  autoSend: true,
  buyer: { idType: '05', id: '1710034065', name: 'Juan Pérez', email: 'juan@example.com' },
  items: [
    {
      mainCode: 'CAFE',
      description: 'Café 500 g',
      quantity: '2',
      unitPrice: '4.50',
      taxes: [{ code: '2', rateCode: '4', rate: '15' }],
    },
  ],
  payments: [{ method: '01', total: '10.35' }],
};

/** Types of requests and answers come from the OpenAPI document: what it says wrong does not compile here. */
describe('the client that is generated from the OpenAPI document', () => {
  it('registers an account with its certificate', async () => {
    const p12 = stack.authority.issue({ ruc: SHOP_RUC, commonName: 'PRUEBA', password: P12_PASSWORD });
    const registered = await createClient({ baseUrl: stack.apiUrl }).register({
      body: {
        email: 'tienda@example.com',
        ruc: SHOP_RUC,
        businessName: 'Panadería El Trigo Ñato',
        branchAddress: 'Calle Larga 5-24, Cuenca',
        branchCode: '001',
        issuePointCode: '001',
        emissionType: '1',
        requiredAccounting: 'false',
        certPassword: P12_PASSWORD,
        cert: new Blob([new Uint8Array(p12)]),
      },
    });
    if (registered.status !== 201) throw new Error(`registration answers ${registered.status}`);
    const { apiKey, issuer } = registered.body;
    client = createClient({ baseUrl: stack.apiUrl, bearer: apiKey, issuerId: issuer.id });
    const token = (await verificationLink(stack, 'tienda@example.com')).searchParams.get('token')!;
    expect((await client.consumeVerificationToken({ body: { token } })).status).toBe(200);
    expect((await client.getTenant()).body).toMatchObject({ tenant: { status: 'ACTIVE' } });
  });

  it('sells, and finds the sale again', async () => {
    const sold = await client.createDocument({
      body: sale,
      headers: { Prefer: 'wait=60', 'Idempotency-Key': 'sale-1' },
    });
    if (sold.status !== 201) throw new Error(`a sale answers ${sold.status}`);
    const { accessKey, status, total } = sold.body.document;
    expect({ status, total }).toEqual({ status: 'AUTHORIZED', total: '10.35' });
    const ride = await client.getRide({ params: { accessKey }, headers: { Prefer: 'wait=60' } });
    if (ride.status !== 200) throw new Error(`the printed form answers ${ride.status}`);
    expect(Buffer.from(ride.body).toString('latin1', 0, 5)).toBe('%PDF-');
    const listed = await client.listDocuments({ query: { status: 'AUTHORIZED', limit: 5 } });
    if (listed.status !== 200) throw new Error(`the list answers ${listed.status}`);
    expect(listed.body.data.map((document) => document.accessKey)).toEqual([accessKey]);
  });

  it('tells what was refused', async () => {
    const refused = await client.createDocument({ body: { ...sale, payments: [{ method: '01', total: '1.00' }] } });
    if (refused.status !== 400) throw new Error(`a wrong sale answers ${refused.status}`);
    expect(refused.body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field: 'payments' }] });
    const stranger = createClient({ baseUrl: stack.apiUrl, bearer: 'sk_test_none' });
    expect((await stranger.listIssuers()).status).toBe(401);
  });
});
