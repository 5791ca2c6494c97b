import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, P12_PASSWORD } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

function formOf(p12: Buffer, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ certPassword: P12_PASSWORD, ...fields })) form.set(name, value);
  form.set('cert', new Blob([new Uint8Array(p12)]), 'firma.p12');
  return form;
}

const ruc = '1710034065001';
const inspect = (form: FormData, headers: Record<string, string> = {}) =>
  call(stack.apiUrl, 'POST', '/v1/certificates/inspect', { body: form, headers });
const p12 = () => stack.authority.issue({ ruc, commonName: 'PEÑA, MARÍA', password: P12_PASSWORD });

describe('the certificate doctor', () => {
  it('tells whoever asks what a file is good for', async () => {
    const { status, body } = await inspect(formOf(p12(), { ruc }));
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, usable: true, opened: true, ruc, probe: { sha1: true, sha256: true } });
  });

  it('has plain words in the caller’s language, and none of the password', async () => {
    const form = () => formOf(p12(), { certPassword: 'secreto-equivocado' });
    const spanish = await inspect(form(), { 'accept-language': 'es' });
    expect(spanish.status).toBe(200);
    expect(spanish.body).toMatchObject({
      usable: false,
      problems: [{ code: 'WRONG_PASSWORD', message: 'La contraseña no abre el archivo.' }],
    });
    const english = await inspect(form());
    expect(english.bytes.toString()).toContain('The password does not open the file.');
    expect(stack.logs()).not.toContain('secreto-equivocado');
  });

  it('keeps nothing', async () => {
    await inspect(formOf(p12(), { ruc }));
    const tables = ['certificates', 'tenants', 'idempotent_answers'];
    for (const table of tables) {
      const [row] = await stack.store.lookUp<{ count: string }>(`select count(*) as count from ${table}`, []);
      expect([table, Number(row!.count)]).toEqual([table, 0]);
    }
  });

  it('does not keep others waiting while files are opened', async () => {
    const files = Promise.all(Array.from({ length: 6 }, () => inspect(formOf(p12(), { ruc }))));
    const asked = await call(stack.apiUrl, 'GET', '/health');
    expect(asked.status).toBe(200);
    expect((await files).map(({ body }) => (body as { usable?: boolean }).usable)).toEqual(Array(6).fill(true));
  });

  it('wants a file', async () => {
    const form = new FormData();
    form.set('certPassword', 'x');
    expect((await inspect(form)).body.errors).toMatchObject([{ field: 'cert' }]);
  });
});
