import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeRun, type RunFile, writeRunFile } from '../../../dev/start/run-file.ts';

const demo = {
  apiKey: 'sk_test_0123',
  issuerId: '0193a1b2-0000-7000-8000-000000000001',
  accessKey: '2511202601179001234500110010010000000011234567810',
  ridePath: '/home/ana/comprobante/.data/demo/RIDE.pdf',
  xmlPath: '/home/ana/comprobante/.data/demo/factura.xml',
};
const run: RunFile = {
  api: 'http://127.0.0.1:3000',
  docs: 'http://127.0.0.1:3000/docs',
  temporalUi: 'http://127.0.0.1:8233',
  temporalAddress: '127.0.0.1:7233',
  temporalNamespace: 'default',
  temporalCli: '/usr/bin/temporal',
  databaseUrl: 'postgresql://postgres:secret@127.0.0.1:5432/comprobante',
  sriControl: 'http://127.0.0.1:9001',
  mailboxDir: '/home/ana/comprobante/.data/mailbox',
  adminSecret: 'a'.repeat(64),
  demo,
};
const places = { logs: '/d/logs', webhooks: '/d/webhooks', run: '/d/run.json' };

describe('run.json', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'comprobante-run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds everything, for its owner alone, and nothing is left beside it', () => {
    const file = join(folder, 'run.json');
    writeFileSync(file, 'an old one that all may read', { mode: 0o644 });
    writeRunFile(file, run);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(run);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['run.json']);
  });
});

describe('what npm start prints', () => {
  const text = describeRun(run, places, '/home/ana/comprobante');

  it('names every address, key and file', () => {
    const { temporalCli: _cli, demo: _demo, mailboxDir: _mail, ...addresses } = run;
    const { apiKey, issuerId, accessKey } = demo;
    for (const value of [...Object.values(addresses), apiKey, issuerId, accessKey]) expect(text).toContain(value);
    for (const path of ['.data/demo/RIDE.pdf', '.data/demo/factura.xml', '.data/mailbox']) expect(text).toContain(path);
    expect(text).not.toContain('/home/ana');
  });

  it('has a call to copy that a shell takes as it stands', () => {
    const call = /^curl .*?\}'$/ms.exec(text)?.[0];
    const script = `curl() { for arg in "$@"; do printf '%s\\0' "$arg"; done; }\n${call}`;
    const args = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).stdout.split('\0');
    expect(args).toContain(`Authorization: Bearer ${demo.apiKey}`);
    expect(args).toContain(`X-Issuer-Id: ${demo.issuerId}`);
    expect(args.find((arg) => arg.startsWith('Idempotency-Key: '))).toMatch(/: till-7-\d+$/);
    const body: unknown = JSON.parse(args[args.indexOf('-d') + 1]!);
    const sale = z.object({ documentType: z.literal('01'), items: z.array(z.unknown()).length(1) });
    expect(sale.safeParse(body).success).toBe(true);
  });

  it('leaves out what there is none of', () => {
    const { temporalUi: _ui, sriControl: _sri, mailboxDir: _mail, demo: _demo, ...bare } = run;
    const short = describeRun(bare, places, '/');
    expect(short).not.toMatch(/undefined|curl|Temporal UI|SRI simulator|Mails/);
    expect(short).toContain(run.api);
  });
});
