import { type Browser, type ConsoleMessage, launch, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { routes } from '../../api/routes.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let browser: Browser;
let page: Page;
const asked: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  stack = await startStack();
  browser = await launch({
    executablePath: inject('servers').chromium,
    headless: 'shell',
    pipe: true,
    // No other host is found.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  page = await browser.newPage();
  page.on('request', (request) => asked.push(request.url()));
  page.on('requestfailed', (request) => complaints.push(request.url()));
  page.on('console', (message: ConsoleMessage) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${stack.apiUrl}/docs`, { waitUntil: 'networkidle0' });
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

describe('the docs page in a browser', () => {
  it('asks no other host, and breaks no rule of its own policy', () => {
    expect(asked.filter((url) => !url.startsWith(stack.apiUrl))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('has every operation', async () => {
    const ids = await page.$$eval('details[id]', (parts) => parts.map(({ id }) => id));
    expect(routes.map(({ operationId }) => operationId).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('is styled, in spite of the policy', async () => {
    expect(await page.$eval('body', (body) => getComputedStyle(body).maxWidth)).toBe('960px');
  });

  it('opens an operation with its example', async () => {
    const example = () => page.$eval('#createDocument pre', (part) => (part.checkVisibility() ? part.textContent : ''));
    expect(await example()).toBe('');
    await page.click('#createDocument summary');
    expect(await example()).toContain('"documentType"');
  });

  it('has no link into nothing', async () => {
    const targets = await page.$$eval('a[href^="#"]', (links) =>
      links.map((link) => link.getAttribute('href')!.slice(1)),
    );
    expect(targets.length).toBeGreaterThan(100);
    const missing = await page.evaluate(
      (names) => names.filter((name) => document.getElementById(name) === null),
      [...new Set(targets)],
    );
    expect(missing).toEqual([]);
  });
});
