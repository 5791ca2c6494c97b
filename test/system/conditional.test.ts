import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, call, openShop, type Shop } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let shop: Shop;
let path: string;

beforeAll(async () => {
  stack = await startStack();
  shop = await openShop(stack);
  const sold = await shop.sell({ autoSend: true }, { prefer: 'wait=30' });
  expect(sold.body.document.status).toBe('AUTHORIZED');
  path = `/v1/documents/${sold.body.document.accessKey}`;
  expect((await shop.get(`${path}/ride`, { prefer: 'wait=60' })).status).toBe(200);
});

afterAll(() => stack.stop());

function tagOf(answer: Pick<Answer, 'status' | 'headers'>): string {
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('private, no-cache');
  const tag = answer.headers.get('etag');
  expect(tag).toMatch(/^"[\w-]{43}"$/);
  return tag!;
}

describe.each(['', '/xml', '/ride'])('what is read at a document%s', (part) => {
  it('is sent once, and then only when it has changed', async () => {
    await expect.poll(async () => (await shop.get(path)).body.document.email.status, { timeout: 30_000 }).toBe('SENT');
    const tag = tagOf(await shop.get(path + part));
    for (const given of [tag, `"other", ${tag}`, `W/${tag}`, '*']) {
      const again = await shop.get(path + part, { 'if-none-match': given });
      expect(again.status).toBe(304);
      expect(again.bytes).toHaveLength(0);
      expect(again.headers.get('etag')).toBe(tag);
      expect(again.headers.get('cache-control')).toBe('private, no-cache');
      expect(again.headers.get('content-type')).toBeNull();
    }
    expect(tagOf(await shop.get(path + part, { 'if-none-match': '"other"' }))).toBe(tag);
  });

  it('has its tag in the answer to HEAD', async () => {
    const tag = tagOf(await shop.get(path + part));
    const own = { authorization: `Bearer ${shop.apiKey}`, 'x-issuer-id': shop.issuerId };
    const head = (headers = {}) =>
      fetch(stack.apiUrl + path + part, { method: 'HEAD', headers: { ...own, ...headers } });
    const whole = await head();
    expect(tagOf(whole)).toBe(tag);
    expect(Number(whole.headers.get('content-length'))).toBeGreaterThan(100);
    expect((await head({ 'if-none-match': tag })).status).toBe(304);
  });
});

describe('a tag', () => {
  it('changes with the document', async () => {
    const { accessKey } = (await shop.sell()).body.document;
    const [one, xml] = [`/v1/documents/${accessKey}`, `/v1/documents/${accessKey}/xml`];
    const [first, signed] = [tagOf(await shop.get(one)), tagOf(await shop.get(xml))];
    await shop.post(`${one}/send`, undefined, { prefer: 'wait=30' });
    await shop.get(`${one}/authorize`, { prefer: 'wait=30' });
    expect(tagOf(await shop.get(one, { 'if-none-match': first }))).not.toBe(first);
    expect(tagOf(await shop.get(xml, { 'if-none-match': signed }))).not.toBe(signed);
  });

  it('is no way around the key', async () => {
    const tag = tagOf(await shop.get(path));
    const stranger = await call(stack.apiUrl, 'GET', path, { headers: { 'if-none-match': tag } });
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('cache-control')).toBe('no-store');
  });
});
