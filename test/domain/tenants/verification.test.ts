import { describe, expect, it } from 'vitest';
import { redirectProblems } from '../../../domain/tenants/verification.ts';

describe('the page that a verification leads to', () => {
  it.each([
    ['https://shop.example/welcome?from=mail', 'production'],
    ['https://shop.example', 'staging'],
    ['http://localhost:5173/welcome', 'staging'],
    [undefined, 'production'],
  ] as const)('may be %s in %s', (url, appEnv) => {
    expect(redirectProblems(url, appEnv)).toEqual([]);
  });

  it.each([
    ['http://shop.example', 'production'],
    ['javascript:alert(1)', 'staging'],
    ['data:text/html,hello', 'production'],
    ['//shop.example', 'staging'],
    ['https://user:secret@shop.example', 'staging'],
    ['welcome', 'staging'],
  ] as const)('may not be %s in %s', (url, appEnv) => {
    expect(redirectProblems(url, appEnv)).toEqual([
      { field: 'verificationRedirectUrl', message: expect.stringContaining('https://'), value: url },
    ]);
  });
});
