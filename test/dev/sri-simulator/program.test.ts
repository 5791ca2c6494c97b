import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { parseXml } from '../../../dev/sri-simulator/xml.ts';
import { facturaOf, signed } from '../../domain/sri/signed-factura.ts';
import { query, signer, submit, useSimulator, PATHS } from './use-simulator.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PROGRAM = join(ROOT, 'dev/sri-simulator/main.ts');
const sri = useSimulator();

describe('SRI simulator: the program', () => {
  const folders: string[] = [];
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<{ child: ChildProcess; url: string; controlUrl: string }> {
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const [, url = '', controlUrl = ''] = /^SRI simulator ready: services (\S+) control (\S+)$/.exec(line) ?? [];
    return { child, url, controlUrl };
  }

  it('remembers after SIGKILL what it had answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sri-'));
    folders.push(folder);
    const before = await run('--dir', folder);
    const [authorized, received] = [facturaOf(), facturaOf()];
    const documents = [signed(authorized.xml, signer), signed(received.xml, signer)] as const;
    for (const document of documents) expect(await submit(before.url, document)).toMatchObject({ state: 'RECIBIDA' });
    const answer = await query(before.url, authorized.accessKey);
    before.child.kill('SIGKILL');
    await once(before.child, 'exit');

    const after = await run('--dir', folder);
    expect(await query(after.url, authorized.accessKey)).toEqual(answer);
    expect(await submit(after.url, documents[0])).toMatchObject({ messages: [{ identifier: '43' }] });
    expect((await query(after.url, received.accessKey)).authorizations).toMatchObject([{ state: 'AUTORIZADO' }]);
    const counted = await (await fetch(`${after.controlUrl}/documents/${authorized.accessKey}`)).json();
    expect(counted).toMatchObject({ receptions: 2, acceptedReceptions: 1, state: 'AUTORIZADO' });
    after.child.kill('SIGTERM');
    expect(await once(after.child, 'exit')).toEqual([0, null]);
  });

  it('explains itself', async () => {
    const child = spawn(process.execPath, [PROGRAM, '--help'], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const help = await text(child.stdout);
    for (const option of ['--port', '--control-port', '--dir', '--trust', '--schemas']) expect(help).toContain(option);
  });

  it.each(['reception', 'authorization'] as const)('describes %s in WSDL', async (service) => {
    const address = sri.base() + PATHS[service];
    const response = await fetch(`${address}?wsdl`);
    expect(response.status).toBe(200);
    const root = parseXml(await response.text());
    expect(root.localName).toBe('definitions');
    const operation = service === 'reception' ? 'validarComprobante' : 'autorizacionComprobante';
    expect(root.getElementsByTagNameNS('*', 'operation')[0]?.getAttribute('name')).toBe(operation);
    expect(root.getElementsByTagNameNS('*', 'address')[0]?.getAttribute('location')).toBe(address);
  });

  it('shares no code with the product', () => {
    const files = globSync('dev/sri-simulator/*.ts', { cwd: ROOT });
    expect(files.length).toBeGreaterThan(10);
    const imports = files.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/from '([^']+)'/g)].map(([, name]) => name!),
    );
    expect(imports.filter((name) => name.startsWith('.') && !name.startsWith('./'))).toEqual([]);
  });
});
