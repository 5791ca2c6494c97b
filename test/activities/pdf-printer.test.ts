import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createPdfPrinter, findChromium, type PdfPrinter, type PrinterOptions } from '../../activities/pdf-printer.ts';
import { hasPdftotext, pageSizes, pdfText } from '../domain/format/ride/pdf-text.ts';

const chromiumPath = findChromium(process.env);
const { signal } = new AbortController();

describe('findChromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'find-chromium-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('takes CHROMIUM_PATH before anything else', () => {
    expect(findChromium({ CHROMIUM_PATH: '/somewhere/chrome', PATH: folder })).toBe('/somewhere/chrome');
  });

  it('takes what is on PATH, if it can be run', () => {
    writeFileSync(join(folder, 'chromium'), '', { mode: 0o644 });
    writeFileSync(join(folder, 'google-chrome'), '', { mode: 0o755 });
    expect(findChromium({ PATH: folder })).toBe(join(folder, 'google-chrome'));
  });
});

describe.skipIf(chromiumPath === undefined)('createPdfPrinter', () => {
  const open: PdfPrinter[] = [];
  function printer(options: Omit<PrinterOptions, 'chromiumPath'> = {}): PdfPrinter {
    const made = createPdfPrinter({ chromiumPath: chromiumPath!, ...options });
    open.push(made);
    return made;
  }
  afterEach(async () => {
    await Promise.all(open.splice(0).map((made) => made.close()));
  });

  it('starts one browser for prints at the same time, and leaves nothing behind', async () => {
    const printing = printer();
    const pdfs = await Promise.all(['uno', 'dos', 'tres'].map((text) => printing.print(`<p>${text}`, { signal })));
    for (const pdf of pdfs) expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const [browser, ...others] = browsersOf(process.pid);
    expect(others).toEqual([]);
    const profile = profileOf(browser!);
    expect(existsSync(profile)).toBe(true);
    await printing.close();
    expect(browsersOf(process.pid)).toEqual([]);
    expect(existsSync(profile)).toBe(false);
    await expect(printing.print('<p>x', { signal })).rejects.toThrow('closed');
  });

  it('prints again after its browser was killed', async () => {
    const printing = printer();
    await printing.print('<p>uno', { signal });
    const [first] = browsersOf(process.pid);
    process.kill(first!.pid, 'SIGKILL');
    expect((await printing.print('<p>dos', { signal })).length).toBeGreaterThan(500);
    const [second] = browsersOf(process.pid);
    expect(second!.pid).not.toBe(first!.pid);
    await printing.close();
    expect(existsSync(profileOf(first!))).toBe(false);
    expect(existsSync(profileOf(second!))).toBe(false);
  });

  it('prints a document although the browser dies meanwhile', async () => {
    const printing = printer();
    await printing.print('<p>uno', { signal });
    const print = printing.print(heavyPage(), { signal });
    await delay(50);
    process.kill(browsersOf(process.pid)[0]!.pid, 'SIGKILL');
    expect((await print).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('changes the browser after so many documents', async () => {
    const printing = printer({ recycleAfter: 2 });
    const pids: number[] = [];
    for (const text of ['uno', 'dos', 'tres']) {
      const print = printing.print(`<p>${text}`, { signal });
      await print;
      pids.push(...browsersOf(process.pid).map(({ pid }) => pid));
    }
    // Gone after the second, another one for the third.
    expect(new Set(pids).size).toBe(2);
    expect(pids).toHaveLength(2);
  });

  it('lets prints wait for a page, and lets go of one that is aborted', async () => {
    const printing = printer({ pages: 1 });
    const finished: string[] = [];
    const ends = async (name: string, print: Promise<Buffer>) => {
      await print.then(
        () => finished.push(name),
        (error: Error) => finished.push(`${name}: ${error.message}`),
      );
    };
    const running = new AbortController();
    const waiting = new AbortController();
    const all = [
      ends('running', printing.print(heavyPage(), { signal: running.signal })),
      ends('waiting', printing.print('<p>x', { signal: waiting.signal })),
      ends('third', printing.print('<p>x', { signal })),
      ends('fourth', printing.print('<p>x', { signal })),
    ];
    waiting.abort(new Error('no longer wanted'));
    await all[1];
    running.abort(new Error('stopped'));
    await Promise.all(all);
    expect(finished).toEqual(['waiting: no longer wanted', 'running: stopped', 'third', 'fourth']);
    await expect(printing.print('<p>x', { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  });

  it.skipIf(!hasPdftotext)(
    'cuts a piece of a roll as long as the content, and the next sheet is a sheet again',
    async () => {
      const printing = printer({ pages: 1 });
      const block = (mm: number) => `<style>* { margin: 0 }</style><div style="width: 50mm; height: ${mm}mm">x</div>`;
      const [piece, ...others] = pageSizes(await printing.print(block(300), { signal, rollWidthMm: 80 }));
      expect(others).toEqual([]);
      expect(piece!.width).toBeCloseTo(80, 0);
      expect(piece!.height).toBeGreaterThan(305);
      expect(piece!.height).toBeLessThan(308);
      expect(pageSizes(await printing.print('<style>@page { size: A4 }</style>x', { signal }))[0]!.width).toBeCloseTo(
        210,
        0,
      );
    },
  );

  it.skipIf(!hasPdftotext)('cuts what is longer than a PDF page may be into several', async () => {
    const rows = `<style>* { margin: 0 }</style>${'<div style="height: 10mm">fila</div>'.repeat(600)}`;
    const pdf = await printer().print(rows, { signal, rollWidthMm: 80 });
    expect(pageSizes(pdf)).toHaveLength(2);
    expect(pdfText(pdf).match(/fila/g)).toHaveLength(600);
  });

  it('says so when there is no browser', async () => {
    const missing = createPdfPrinter({ chromiumPath: '/no/such/chromium' });
    await expect(missing.print('<p>x', { signal })).rejects.toThrow('/no/such/chromium');
    await missing.close();
  });

  it.skipIf(!existsSync('/proc/self/environ'))('keeps our secrets from the browser', async () => {
    process.env.SECRET_OF_THE_TEST = 'hunter2';
    await printer().print('<p>x', { signal });
    const [browser] = browsersOf(process.pid);
    expect(readFileSync(`/proc/${browser!.pid}/environ`, 'utf8')).not.toContain('hunter2');
    delete process.env.SECRET_OF_THE_TEST;
  });

  it('ends the browser when its own process is killed', async () => {
    const script = `
      const { createPdfPrinter } = await import(${JSON.stringify(new URL('../../activities/pdf-printer.ts', import.meta.url).href)});
      await createPdfPrinter({ chromiumPath: ${JSON.stringify(chromiumPath)} }).print('<p>x', { signal: new AbortController().signal });
      console.log('printed');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const [browser] = browsersOf(child.pid!);
    expect(browser).toBeDefined();
    child.kill('SIGKILL');
    for (let waited = 0; isAlive(browser!.pid) && waited < 100; waited++) await delay(100);
    expect(isAlive(browser!.pid)).toBe(false);
    rmSync(profileOf(browser!), { recursive: true, force: true });
  });

  it('gives up a page that takes too long', async () => {
    const print = printer({ printMs: 300 }).print(heavyPage(50_000), { signal });
    await expect(print).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.skipIf(!existsSync('/proc/self/status'))(
    'ends a browser that takes too much memory, and the page with it',
    async () => {
      const printing = printer({ maxBytes: 100 * 1024 * 1024 });
      await expect(printing.print(heavyPage(50_000), { signal })).rejects.toThrow('the browser took more than 100 MB');
      expect(browsersOf(process.pid)).toEqual([]);
    },
  );

  it.skipIf(!hasPdftotext)('loads nothing from network or disk, and runs no script', async () => {
    const printing = printer();
    let connections = 0;
    const server = createServer((_, response) => response.end('<p>DE LA RED')).listen(0, '127.0.0.1');
    server.on('connection', () => connections++);
    await once(server, 'listening');
    const folder = mkdtempSync(join(tmpdir(), 'printer-test-'));
    const secret = join(folder, 'secret.html');
    writeFileSync(secret, '<p>DEL DISCO');
    const http = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = pathToFileURL(secret).href;
    const sources = [http, file].map(
      (url) => `<link rel="stylesheet" href="${url}"><link rel="preconnect" href="${url}"><img src="${url}">
        <iframe src="${url}"></iframe><object data="${url}"></object><embed src="${url}">
        <style>@import url("${url}"); p { background: url("${url}") }</style>`,
    );
    const html = `${sources.join('')}<p id="p">visible</p><script>p.textContent = 'DEL GUION'; fetch('${http}')</script>`;
    const text = pdfText(await printing.print(html, { signal }));
    // A page that goes elsewhere may end without a print; the next one meets a clean page all the same.
    await printing
      .print(`<meta http-equiv="refresh" content="0;url=${http}"><p>x</p>`, { signal })
      .catch(() => undefined);
    expect(pdfText(await printing.print('<p>siguiente</p>', { signal })).trim()).toBe('siguiente');
    server.close();
    rmSync(folder, { recursive: true });
    expect(text).toContain('visible');
    expect(text).not.toMatch(/DE LA RED|DEL DISCO|DEL GUION/);
    expect(connections).toBe(0);
  });
});

/** Takes Chromium a good part of a second, unless there are more rows. */
function heavyPage(rows = 1_500): string {
  return `<table>${'<tr><td>una fila</td><td>más</td></tr>'.repeat(rows)}</table>`;
}

function browsersOf(parent: number): { pid: number; command: string }[] {
  const { stdout } = spawnSync('ps', ['-Ao', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, ppid, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const isOurs = Number(ppid) === parent && !state!.startsWith('Z') && command!.includes('--remote-debugging-pipe');
    return isOurs ? [{ pid: Number(pid), command: command! }] : [];
  });
}

function profileOf({ command }: { command: string }): string {
  return /--user-data-dir=(\S+)/.exec(command)![1]!;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
