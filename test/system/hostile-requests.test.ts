import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasPdftotext, pdfText } from '../domain/format/ride/pdf-text.ts';
import { sampleSale } from '../support/sales.ts';
import { call, mailsIn, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
});

afterAll(() => stack.stop());

const JSON_TYPE = { 'content-type': 'application/json' };
/** One chunk that is more than a JSON body may be. */
const OVERSIZE = `${(1_100_000).toString(16)}\r\n${' '.repeat(1_100_000)}\r\n`;

/** A connection of our own, to send what no HTTP client would. */
function open(): Socket {
  const { hostname, port } = new URL(stack.apiUrl);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** The head of a sale whose body comes in chunks. */
function chunkedHead(): string {
  return [
    'POST /v1/documents HTTP/1.1',
    'Host: api',
    `Authorization: Bearer ${shop.apiKey}`,
    `X-Issuer-Id: ${shop.issuerId}`,
    'Content-Type: application/json',
    'Transfer-Encoding: chunked',
    '\r\n',
  ].join('\r\n');
}

describe('a body that is refused', () => {
  it('in chunks, without an end: the kept-open connection hung after its 413', async () => {
    const socket = open();
    socket.write(`${chunkedHead()}${OVERSIZE}`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/^Connection: close\r$/m);
    expect(answer).toContain('"PAYLOAD_TOO_LARGE"');
  });

  it('in chunks, to its end: the connection serves the next request', async () => {
    const socket = open();
    const next = 'GET /livez HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n';
    socket.write(`${chunkedHead()}${OVERSIZE}0\r\n\r\n${next}`);
    const answers = (await text(socket)).match(/HTTP\/1\.1 \d+/g);
    expect(answers).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  it.each([
    ['is small and becomes a gigabyte', () => gzipSync(Buffer.alloc(200_000_000)), 413],
    ['is no gzip', () => Buffer.from('{"buyer": {}}'), 400],
    ['is half a gzip', () => gzipSync('{"a": 1}').subarray(0, 12), 400],
  ])('compressed, when it %s', async (_, bytes, status) => {
    const answer = await fetch(`${stack.apiUrl}/v1/documents`, {
      method: 'POST',
      headers: {
        ...JSON_TYPE,
        'content-encoding': 'gzip',
        authorization: `Bearer ${shop.apiKey}`,
        'x-issuer-id': shop.issuerId,
      },
      body: new Uint8Array(bytes()),
    });
    expect(answer.status).toBe(status);
  });

  it.each([
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['lists that never close', '['.repeat(500_000)],
    ['lists where a field should be', `{"items":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['a prototype', '{"__proto__": {"isAdmin": true}, "buyer": {"constructor": {"prototype": {"isAdmin": true}}}}'],
    ['a number without an end', `{"items": ${'9'.repeat(900_000)}}`],
  ])('nested or strange: %s', async (_, body) => {
    for (const path of ['/v1/documents', '/v1/documents/validate', '/v1/webhooks']) {
      const answer = await shop.post(path, body, JSON_TYPE);
      expect(answer.status, path).toBe(400);
      expect(answer.bytes.length).toBeLessThan(10_000);
    }
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('has strings longer than their field, of which not much is repeated', async () => {
    const [item] = sampleSale().items;
    const answer = await shop.post(
      '/v1/documents',
      sampleSale({ items: [{ ...item!, description: 'x'.repeat(900_000) }] }),
    );
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'items[0].description' }] } });
    expect(answer.bytes.length).toBeLessThan(2_000);
  });

  it('is a form with more parts than it may have, or fields within fields', async () => {
    const form = (fill: (form: FormData) => void) => {
      const made = new FormData();
      fill(made);
      return call(stack.apiUrl, 'POST', '/v1/certificates/inspect', { body: made });
    };
    const many = (count: number, add: (form: FormData, index: number) => void) =>
      form((made) => Array.from({ length: count }, (_, index) => add(made, index)));
    const file = new Blob(['x']);
    expect((await many(1_000, (made, index) => made.set(`field${index}`, 'x'))).status).toBe(400);
    expect((await many(100, (made, index) => made.set(`file${index}`, file, 'x.p12'))).status).toBe(400);
    expect((await many(2, (made) => made.append('cert', file, 'x.p12'))).status).toBe(400);
    expect((await form((made) => made.set('ruc', 'x'.repeat(20_000)))).status).toBe(413);
    expect((await form((made) => made.set(`ruc${'[a]'.repeat(10_000)}`, 'x'))).status).toBe(400);
    for (const name of ['__proto__[isAdmin]', 'ruc[4294967294]', 'ruc[]', 'x'.repeat(101)]) {
      expect((await form((made) => made.set(name, 'true'))).status, name).toBe(400);
    }
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });
});

describe('a form', () => {
  it('with parts behind its end was waited for without an end', async () => {
    const part = (name: string) => `--b\r\nContent-Disposition: form-data; ${name}\r\n\r\nx`;
    const body = `${part('name="ruc"')}\r\n--b--\r\n${part('name="x"')}\r\n${part('name="cert"; filename="a.p12"')}`;
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const answer = await call(stack.apiUrl, 'POST', '/v1/certificates/inspect', { body, headers });
    expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });
});

describe('injection', () => {
  it.each([
    '/v1/documents/..%2f..%2f..%2fetc%2fpasswd',
    '/v1/documents/../../../etc/passwd/xml',
    '//etc/passwd',
    '/problems/..%2f..%2fpackage.json',
    '/v1/documents/%00',
    '/v1/documents/%',
    '/v1/documents/%ff%fe/xml',
    "/v1/documents?status=SIGNED'%20or%20'1'='1",
    '/v1/documents?buyer=%25%27%3B%20drop%20table%20documents%3B--',
  ])('in the path finds nothing: %s', async (path) => {
    const socket = open();
    const head = [`GET ${path} HTTP/1.1`, 'Host: api', `Authorization: Bearer ${shop.apiKey}`];
    socket.write(`${[...head, `X-Issuer-Id: ${shop.issuerId}`, 'Connection: close'].join('\r\n')}\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404) /);
    expect(answer).not.toMatch(/root:|"dependencies"/);
  });

  it('in an address or a header adds no header to the answer, and no line to the log', async () => {
    const forged = '%0d%0aSet-Cookie:%20forged=1%0d%0a{"level":60,"msg":"forged"}';
    const answers = [
      await call(stack.apiUrl, 'GET', `/v1/documents/${forged}/xml?${forged}`),
      await call(stack.apiUrl, 'GET', `/v1/verify-email?token=${forged}`),
      await call(stack.apiUrl, 'GET', `/problems/${forged}`),
      await shop.get('/v1/documents', { 'x-request-id': '{"level":60,"msg":"forged"}', 'user-agent': 'forged' }),
      await shop.post('/v1/documents', sampleSale(), { 'idempotency-key': 'forged "key"', prefer: 'wait=forged' }),
    ];
    for (const { status, headers } of answers) {
      expect(status).toBeLessThan(500);
      expect(headers.get('set-cookie')).toBeNull();
    }
    for (const line of stack.logs().split('\n').filter(Boolean))
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(stack.logs()).not.toContain('forged');
  });

  it('of two lengths into one request is no way to another one behind it', async () => {
    const socket = open();
    const smuggled = 'GET /livez HTTP/1.1\r\nHost: api\r\n\r\n';
    const lengths = `Content-Length: ${smuggled.length}\r\nTransfer-Encoding: chunked`;
    socket.write(`POST /v1/verify-email HTTP/1.1\r\nHost: api\r\n${lengths}\r\n\r\n0\r\n\r\n${smuggled}`);
    const answers = (await text(socket)).match(/HTTP\/1\.1 \d+/g);
    expect(answers).toEqual(['HTTP/1.1 400']);
  });

  it.skipIf(!hasPdftotext)('of markup stays text in the printed form, in the mail and in its head', async () => {
    const evil = '</td></style><script>alert(1)</script><img src="http://127.0.0.1:9/x">';
    const [item] = sampleSale().items;
    const { status, body } = await shop.sell(
      {
        autoSend: true,
        buyer: { idType: '05', id: '0926687856', name: `Ana ${evil}`, email: 'ana@example.com', address: evil },
        items: [{ ...item!, description: evil }],
      },
      { prefer: 'wait=30' },
    );
    expect([status, body.document.status]).toEqual([201, 'AUTHORIZED']);
    const ride = await shop.get(`/v1/documents/${body.document.accessKey}/ride`, { prefer: 'wait=30' });
    const printed = pdfText(ride.bytes, '-raw').replaceAll(/\s/g, '');
    expect(printed.split('<script>alert(1)</script>').length).toBeGreaterThan(2);
    const mail = await until('the mail', async () =>
      (await mailsIn(stack)).find(({ attachments }) => attachments[0]?.filename.startsWith(body.document.accessKey)),
    );
    expect(mail.to).toBe('ana@example.com');
    expect(mail.html).toContain('Ana &lt;/td&gt;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(mail.html).not.toMatch(/<(script|img)/);
  });

  it.each(['Ana\r\nBcc: all@example.com', 'Ana\u0000', 'Ana\u2028x', '\ud800'])(
    'of line ends and control characters is refused before it is in a document: %j',
    async (name) => {
      const answer = await shop.sell({ buyer: { idType: '05', id: '0926687856', name, email: 'ana@example.com' } });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'buyer.name' }] } });
    },
  );

  it.each([
    'ana@example.com, all@example.com',
    'ana@example.com\r\nBcc: x@example.com',
    '"a b"@example.com',
    '<a@b.ec>',
  ])('of recipients is refused: %j', async (email) => {
    const answer = await shop.sell({ buyer: { idType: '05', id: '0926687856', name: 'Ana', email } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'buyer.email' }] } });
  });
});
