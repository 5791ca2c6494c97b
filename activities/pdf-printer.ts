import type { Page, PDFOptions } from 'puppeteer-core';
import { type Chromium, closeChromium, closePage, launchChromium, openPage } from './chromium.ts';
import { Turns } from './turns.ts';

export { findChromium } from './chromium.ts';

/** Page size, margins and page numbers are the document's own CSS. */
const PDF: PDFOptions = { preferCSSPageSize: true, printBackground: true, waitForFonts: true };
/** One print, from the moment its turn has come. */
const PRINT_MS = 30_000;

export interface PdfPrinter {
  /**
   * A PDF of a self-contained HTML page: scripts do not run, and nothing but `data:` is loaded.
   * @throws the signal's reason when aborted, TimeoutError after 30 seconds, Error when the browser cannot be started or dies twice
   */
  print(html: string, options: { signal: AbortSignal }): Promise<Buffer>;
  /** Ends the browser; prints that run or wait are refused. */
  close(): Promise<void>;
}

interface Session {
  chromium: Chromium;
  idle: Page[];
  active: number;
  /** Documents this browser may still take. */
  left: number;
}

/**
 * One browser for all, started with the first print, with `pages` pages that are reused. A new one takes its place after
 * `recycleAfter` documents, which bounds what it leaks, and whenever it died.
 */
export function createPdfPrinter(options: { chromiumPath: string; pages?: number; recycleAfter?: number }): PdfPrinter {
  const { chromiumPath, pages = 2, recycleAfter = 500 } = options;
  const turns = new Turns(pages);
  const running = new Set<Chromium>();
  let current: Promise<Session> | undefined;
  let closed = false;

  function session(): Promise<Session> {
    if (closed) throw new Error('the printer is closed');
    current ??= start();
    return current;
  }

  function start(): Promise<Session> {
    const starting = launchChromium(chromiumPath).then((chromium): Session => {
      running.add(chromium);
      chromium.browser.once('disconnected', () => forget(starting));
      void chromium.gone.then(() => running.delete(chromium));
      return { chromium, idle: [], active: 0, left: recycleAfter };
    });
    starting.catch(() => forget(starting));
    return starting;
  }

  function forget(gone: Promise<Session>): void {
    if (current === gone) current = undefined;
  }

  async function printIn(used: Session, html: string, aborted: Promise<never>): Promise<Buffer> {
    used.active++;
    if (--used.left === 0) current = undefined;
    const page = Promise.resolve(used.idle.pop() ?? openPage(used.chromium.browser));
    try {
      const pdf = await Promise.race([page.then((opened) => render(opened, html)), aborted]);
      used.idle.push(await page);
      return pdf;
    } catch (error) {
      await closePage(used.chromium, page);
      throw error;
    } finally {
      used.active--;
      if (used.left <= 0 && used.active === 0) await closeChromium(used.chromium);
    }
  }

  return {
    async print(html, { signal }) {
      await turns.take(signal);
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(PRINT_MS)]);
        const aborted = rejection(limit);
        for (let isLast = false; ; isLast = true) {
          const used = await Promise.race([session(), aborted]);
          try {
            return await printIn(used, html, aborted);
          } catch (error) {
            // A browser that died meanwhile says nothing against the document.
            if (isLast || closed || limit.aborted || used.chromium.browser.connected) throw error;
          }
        }
      } finally {
        turns.give();
      }
    },
    async close() {
      closed = true;
      await current?.catch(() => undefined);
      await Promise.all(Array.from(running, closeChromium));
    },
  };
}

async function render(page: Page, html: string): Promise<Buffer> {
  await page.setContent(html, { waitUntil: 'load', timeout: PRINT_MS });
  const pdf = await page.pdf({ ...PDF, timeout: PRINT_MS });
  // Nothing of one document is left for the next.
  await page.goto('about:blank');
  return Buffer.from(pdf);
}

/** Rejects with the signal's reason; never resolves. */
function rejection(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  promise.catch(() => undefined);
  return promise;
}
