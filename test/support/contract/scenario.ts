import type { Route } from '../../../api/route.ts';
import { makeCertificate, makeP12, newKey } from '../../domain/signing/fixtures.ts';
import { call, P12_PASSWORD, registrationForm, type Shop, verificationLink } from '../shop.ts';
import type { Ask } from './ask.ts';
import type { Street } from './street.ts';

/** Prepares whatever a request needs for one status or error code, and says how it differs from the example. */
export type Make = (street: Street, row: Route) => Ask | Promise<Ask>;

/** By status or error code; whatever is not here is common to all operations, or what the example gets. */
export type Scenario = Readonly<Record<string, Make>>;

/** By operationId. */
export type Scenarios = Readonly<Record<string, Scenario>>;

export const NOBODY = '01900000-0000-7000-8000-000000000000';

/** A tenant that has registered and not verified its address, and the token in its mail. */
export async function unverified(
  street: Street,
): Promise<
  { email: string; ruc: string; p12: Buffer; token: string } & Pick<Shop, 'apiKey' | 'issuerId' | 'tenantId'>
> {
  const { stack } = street;
  const ruc = street.ruc();
  const email = `nueva${ruc}@example.com`;
  const p12 = street.p12(ruc);
  const { body } = await call(stack.apiUrl, 'POST', '/v1/register', { body: registrationForm(p12, { email, ruc }) });
  const token = (await verificationLink(stack, email)).searchParams.get('token')!;
  return { email, ruc, p12, token, apiKey: body.apiKey, issuerId: body.issuer.id, tenantId: body.tenant.id };
}

/** What a form that takes a certificate refuses; `make` says the rest of it, and for which RUC. */
export function certificateErrors(make: (street: Street) => Promise<{ ruc: string; ask: Ask }>): Scenario {
  const withFile =
    (file: (street: Street, ruc: string) => Buffer, certPassword = P12_PASSWORD): Make =>
    async (street) => {
      const { ruc, ask } = await make(street);
      return { ...ask, body: { ...(ask.body as object), certPassword }, files: { cert: file(street, ruc) } };
    };
  return {
    CERTIFICATE_INVALID: withFile(() => Buffer.from('no certificate')),
    CERTIFICATE_PASSWORD_INVALID: withFile((street, ruc) => street.p12(ruc), 'another'),
    CERTIFICATE_KEY_NOT_FOUND: withFile(() => makeP12(newKey(), [makeCertificate({ key: newKey() })], P12_PASSWORD)),
    CERTIFICATE_EXPIRED: withFile((street, ruc) => street.p12(ruc, { notAfter: new Date(Date.now() - 86_400_000) })),
  };
}
