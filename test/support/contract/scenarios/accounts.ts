import { type Ask, send } from '../ask.ts';
import { certificateErrors, type Scenario, type Scenarios, unverified } from '../scenario.ts';
import { asShop, limitedKey, type Street } from '../street.ts';

/** A tenant that is suspended before it has verified its address. */
async function suspended(street: Street): ReturnType<typeof unverified> {
  const tenant = await unverified(street);
  await street.setTenant(tenant, { status: 'SUSPENDED' });
  return tenant;
}

/** What a token gets, wherever it is sent. */
function tokenScenario(withToken: (token: string) => Ask): Scenario {
  return {
    200: async (street) => withToken((await unverified(street)).token),
    INVALID_OR_EXPIRED_TOKEN: () => withToken('0'.repeat(64)),
    ACCOUNT_SUSPENDED: async (street) => withToken((await suspended(street)).token),
  };
}

export const accountScenarios: Scenarios = {
  register: {
    200: async (street) => {
      const { email, ruc, p12 } = await unverified(street);
      return { body: { email, ruc }, files: { cert: p12 } };
    },
    ...certificateErrors(async (street) => {
      const ruc = street.ruc();
      return { ruc, ask: { body: { ruc, email: `${ruc}@example.com` } } };
    }),
    ACCOUNT_SUSPENDED: async (street) => {
      const { email, ruc } = await suspended(street);
      return { body: { email, ruc } };
    },
    CONFLICT: ({ shop: { email, ruc } }) => ({ body: { email, ruc } }),
  },
  verifyEmail: tokenScenario((token) => ({ query: { token } })),
  consumeVerificationToken: tokenScenario((token) => ({ body: { token } })),
  resendVerification: {
    ACCOUNT_SUSPENDED: async (street) => ({ body: { email: (await suspended(street)).email } }),
    ALREADY_VERIFIED: ({ shop: { email } }) => ({ body: { email } }),
    RESEND_COOLDOWN: async (street, row) => {
      const { email } = await unverified(street);
      await send(street, row, { body: { email } });
      return { body: { email } };
    },
  },
  promoteTenant: {
    200: async (street) => ({ who: asShop(await street.open()) }),
    EMAIL_VERIFICATION_REQUIRED: async (street) => ({ who: asShop(await unverified(street)) }),
    SCOPE_ESCALATION_FORBIDDEN: async (street) => ({ who: await limitedKey(street, street.shop, ['account:write']) }),
    CONFLICT: async (street, row) => {
      const promoted = await send(street, row, { who: asShop(await street.open()) });
      const { apiKeys } = (await promoted.json()) as { apiKeys: { apiKey: string }[] };
      return { who: { bearer: apiKeys[0]!.apiKey } };
    },
  },
};
