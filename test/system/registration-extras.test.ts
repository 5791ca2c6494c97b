import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Logo } from '../../domain/store/entities/issuer.ts';
import { Tenant, VerificationToken } from '../../domain/store/entities/tenant.ts';
import { expectProblem } from '../support/problem.ts';
import {
  type Answer,
  call,
  mailsIn,
  openShop,
  P12_PASSWORD,
  registrationForm,
  until,
  verificationLink,
} from '../support/shop.ts';
import { GIF, JPEG, png } from '../support/pictures.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

const PNG = png(2, 1);

function register(
  ruc: string,
  fields: Record<string, string>,
  logo?: { bytes: Buffer; name: string },
): Promise<Answer> {
  const p12 = stack.authority.issue({ ruc, commonName: 'PRUEBA', password: P12_PASSWORD });
  const form = registrationForm(p12, { ruc, ...fields });
  if (logo !== undefined) form.set('logo', new Blob([new Uint8Array(logo.bytes)]), logo.name);
  return call(stack.apiUrl, 'POST', '/v1/register', { body: form });
}

const resend = (body: object) => call(stack.apiUrl, 'POST', '/v1/resend-verification', { body });
const check = (token: string) => call(stack.apiUrl, 'GET', `/v1/verify-email/check?token=${token}`);
const follow = (token: string) => call(stack.apiUrl, 'GET', `/v1/verify-email?token=${token}`);
const confirm = (token: string) => call(stack.apiUrl, 'POST', '/v1/verify-email', { body: { token } });

const tokenFor = async (email: string) => (await verificationLink(stack, email)).searchParams.get('token')!;

/** The links that have come to an address, oldest first. */
async function linksTo(email: string, count: number): Promise<URL[]> {
  return until(`${count} mails to ${email}`, async () => {
    const links = (await mailsIn(stack))
      .filter(({ to }) => to === email)
      .map(({ text }) => new URL(/https?:\/\/\S+\?token=[0-9a-f]{64}/.exec(text)![0]));
    return links.length === count && links;
  });
}

function passMinute(email: string): Promise<number> {
  const before = new Date(Date.now() - 61_000);
  return stack.store.asSystem((em) => em.nativeUpdate(Tenant, { email }, { verificationResentAt: before }));
}

describe('a logo', () => {
  it.each([
    ['1790085783001', 'image/png', PNG, 'logo.gif'],
    ['1792060346001', 'image/jpeg', JPEG, 'logo.txt'],
    ['0190115798001', 'image/gif', GIF, 'logo'],
  ] as const)('of %s is kept as the %s that it is, whatever its name', async (ruc, mediaType, bytes, name) => {
    const registered = await register(ruc, { email: `logo-${ruc}@example.com` }, { bytes, name });
    expect(registered.status).toBe(201);
    const issuerId = registered.body.issuer.id;
    const logo = await stack.store.asTenant(registered.body.tenant.id, (em) => em.findOneOrFail(Logo, { issuerId }));
    expect(logo.mediaType).toBe(mediaType);
    expect(logo.image.equals(bytes)).toBe(true);
  });

  it('that is none is refused, and so is the registration', async () => {
    const fields = { email: 'no-logo@example.com' };
    for (const text of ['<svg xmlns="http://www.w3.org/2000/svg"/>', '', 'RIFF WEBP']) {
      const refused = await register('1793213150001', fields, { bytes: Buffer.from(text), name: 'logo.png' });
      expectProblem(refused, 400, 'VALIDATION_FAILED', 'logo');
    }
    const large = Buffer.concat([PNG, Buffer.alloc(500 * 1024)]);
    const refused = await register('1793213150001', fields, { bytes: large, name: 'logo.png' });
    expectProblem(refused, 413, 'PAYLOAD_TOO_LARGE', 'logo');
    expect(await stack.store.asSystem((em) => em.count(Tenant, fields))).toBe(0);
  });
});

describe('a verification', () => {
  it('may be looked at as often as one likes, and is used on purpose once', async () => {
    const email = 'purpose@example.com';
    const { apiKey } = (await register('1760013210001', { email, language: 'en' })).body;
    const token = await tokenFor(email);
    for (let time = 0; time < 2; time++) expect((await check(token)).body).toEqual({ ok: true, valid: true, email });
    const confirmed = await confirm(token);
    expect(confirmed.status).toBe(200);
    expect(confirmed.body).toEqual({
      ok: true,
      email,
      message: 'The e-mail address is verified. The account is active.',
    });
    expect((await check(token)).body).toEqual({ ok: true, valid: false, email: null });
    expectProblem(await confirm(token), 400, 'INVALID_OR_EXPIRED_TOKEN');
    expect((await follow(token)).status).toBe(200);
    const headers = { authorization: `Bearer ${apiKey}` };
    const { events } = (await call(stack.apiUrl, 'GET', '/v1/tenants/events', { headers })).body;
    expect(events.map(({ eventType }) => eventType)).toEqual([
      'EMAIL_VERIFIED',
      'VERIFICATION_EMAIL_SENT',
      'CERTIFICATE_UPLOADED',
    ]);
  });

  it('needs a token that somebody was sent, in time', async () => {
    const email = 'late@example.com';
    await register('1790016919001', { email });
    const token = await tokenFor(email);
    const nobodys = '0'.repeat(64);
    expect((await check(nobodys)).body).toEqual({ ok: true, valid: false, email: null });
    expectProblem(await confirm(nobodys), 400, 'INVALID_OR_EXPIRED_TOKEN');
    expectProblem(await check('short'), 400, 'VALIDATION_FAILED', 'token');
    const refused = await confirm('short');
    expectProblem(refused, 400, 'VALIDATION_FAILED', 'token');
    expect(refused.body.errors[0]).not.toHaveProperty('value');
    const before = new Date(Date.now() - 1_000);
    await stack.store.asSystem((em) => em.nativeUpdate(VerificationToken, { usedAt: null }, { expiresAt: before }));
    expect((await check(token)).body).toMatchObject({ valid: false });
    for (const refusal of [await confirm(token), await follow(token)])
      expectProblem(refusal, 400, 'INVALID_OR_EXPIRED_TOKEN');
  });

  it('that is asked for on purpose by many at once happens once', async () => {
    const email = 'many@example.com';
    await register('0992339411001', { email });
    const token = await tokenFor(email);
    const answers = await Promise.all([1, 2, 3, 4].map(() => confirm(token)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400, 400, 400]);
  });
});

describe('another verification mail', () => {
  it('has a link that ends the earlier one, and the page that was asked for last', async () => {
    const email = 'again@example.com';
    await register('1791251237001', { email, verificationRedirectUrl: 'https://shop.example/old' });
    const [first] = await linksTo(email, 1);
    expect(first!.href).toContain('https://shop.example/old');
    const resent = await resend({ email: 'AGAIN@example.com', verificationRedirectUrl: 'https://shop.example/new' });
    expect(resent.status).toBe(200);
    const [, second] = await linksTo(email, 2);
    expect(second!.href).toContain('https://shop.example/new');
    expectProblem(await follow(first!.searchParams.get('token')!), 400, 'INVALID_OR_EXPIRED_TOKEN');

    const soon = await resend({ email });
    expectProblem(soon, 429, 'RESEND_COOLDOWN');
    expect(Number(soon.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(soon.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    await passMinute(email);
    expect((await resend({ email })).status).toBe(200);
    const [, , third] = await linksTo(email, 3);
    expect(third!.href).toContain('https://shop.example/new');

    expect((await follow(third!.searchParams.get('token')!)).status).toBe(200);
    await passMinute(email);
    expectProblem(await resend({ email }), 409, 'ALREADY_VERIFIED');
    await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { email }, { status: 'SUSPENDED' }));
    expectProblem(await resend({ email }), 403, 'ACCOUNT_SUSPENDED');
  });

  it('that is asked for by many at once is one', async () => {
    const email = 'crowd@example.com';
    const { tenant } = (await register('1790010937001', { email })).body;
    const answers = await Promise.all([1, 2, 3, 4].map(() => resend({ email })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 429, 429, 429]);
    expect(await stack.store.asTenant(tenant.id, (em) => em.count(VerificationToken))).toBe(1);
  });

  it('is answered alike where there is nobody', async () => {
    const email = 'waits@example.com';
    await register('0990004196001', { email });
    const [known, unknown] = [await resend({ email }), await resend({ email: 'nobody@example.com' })];
    expect(unknown.status).toBe(200);
    expect(unknown.body).toEqual(known.body);
    expectProblem(
      await resend({ email, verificationRedirectUrl: 'ftp://shop.example' }),
      400,
      'VALIDATION_FAILED',
      'verificationRedirectUrl',
    );
    expectProblem(await resend({}), 400, 'VALIDATION_FAILED', 'email');
  });
});

describe('an account', () => {
  it('is shown while it is suspended, and does nothing else', async () => {
    const shop = await openShop(stack, { email: 'me@example.com', ruc: '1768152560001' });
    await stack.store.asSystem((em) => em.nativeUpdate(Tenant, { id: shop.tenantId }, { status: 'SUSPENDED' }));
    const shown = await shop.get('/v1/tenants/me');
    expect(shown.status).toBe(200);
    expect(shown.body.tenant).toMatchObject({ id: shop.tenantId, status: 'SUSPENDED', sandbox: true, language: 'es' });
    for (const refused of [
      await shop.patch('/v1/tenants/language', { language: 'en' }),
      await shop.get('/v1/tenants/events'),
      await shop.post('/v1/tenants/promote'),
    ])
      expectProblem(refused, 403, 'ACCOUNT_SUSPENDED');
  });

  it('has the language that it asks for', async () => {
    const shop = await openShop(stack, { email: 'language@example.com', ruc: '0968599020001' });
    expect((await shop.patch('/v1/tenants/language', { language: 'en' })).body).toEqual({ ok: true });
    expect((await shop.get('/v1/tenants/me')).body.tenant).toMatchObject({ language: 'en' });
    expectProblem(await shop.patch('/v1/tenants/language', { language: 'qu' }), 400, 'VALIDATION_FAILED', 'language');
  });
});
