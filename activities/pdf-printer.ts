import type { Page, PDFOptions } from 'puppeteer-core';
import { Turns } from '../domain/turns.ts';
import { type Chromium, closeChromium, closePage, launchChromium, openPage } from './chromium.ts';
import { watchMemory } from './chromium-memory.ts';

export { findChromium } from './chromium.ts';

/** Page size, margins and page numbers are the document's own CSS. */
const PDF: PDFOptions = { preferCSSPageSize: true, printBackground: true, waitForFonts: true };
/** From a roll, the paper goes on a little after the content, to be torn off. */
const TAIL_MM = 6;
/** Longer paper than this, 5 m, is more than a PDF may have on a page (ISO 32000-1, annex C: 14,400 units): it is cut. */
const MAX_ROLL_MM = 5_000;
const MM_PER_PX = 25.4 / 96;
/** One print, from the moment its turn has come. */
const PRINT_MS = 30_000;
/** All of a browser's processes together: it takes 190 MB for a page, and a RIDE of a thousand lines 180 more. */
const MAX_BYTES = 1024 * 1024 * 1024;

export interface PrintOptions {
  signal: AbortSignal;
  /** Paper from a roll of this width instead of the document's own: one page as long as the content. */
  rollWidthMm?: number;
}

export interface PdfPrinter {
  /**
   * A PDF of a self-contained HTML page: scripts do not run, and nothing but `data:` is loaded.
   * @throws the signal's reason when aborted, TimeoutError after 30 seconds, TooMuchMemory when the browser took 1 GB twice,
   * Error when it cannot be started or dies twice
   */
  print(html: string, options: PrintOptions): Promise<Buffer>;
  /** Ends the browser; prints that run or wait are refused. */
  close(): Promise<void>;
}

export interface PrinterOptions {
  chromiumPath: string;
  pages?: number;
  recycleAfter?: number;
  /** Milliseconds for one print, from the moment its turn has come. */
  printMs?: number;
  /** Memory of one browser. */
  maxBytes?: number;
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
export function createPdfPrinter(options: PrinterOptions): PdfPrinter {
  const { chromiumPath, pages = 2, recycleAfter = 500, printMs = PRINT_MS, maxBytes = MAX_BYTES } = options;
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

  async function printIn(
    used: Session,
    html: string,
    rollWidthMm: number | undefined,
    aborted: Promise<never>,
  ): Promise<Buffer> {
    used.active++;
    if (--used.left === 0) current = undefined;
    const page = Promise.resolve(used.idle.pop() ?? openPage(used.chromium.browser));
    const memory = watchMemory(used.chromium, maxBytes);
    try {
      const printing = page.then((opened) => render(opened, html, rollWidthMm));
      const pdf = await Promise.race([printing, aborted, memory.exceeded]);
      used.idle.push(await page);
      return pdf;
    } catch (error) {
      await closePage(used.chromium, page);
      throw error;
    } finally {
      memory.stop();
      used.active--;
      if (used.left <= 0 && used.active === 0) await closeChromium(used.chromium);
    }
  }

  return {
    async print(html, { signal, rollWidthMm }) {
      await turns.take(signal);
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(printMs)]);
        const aborted = rejection(limit);
        for (let isLast = false; ; isLast = true) {
          const used = await Promise.race([session(), aborted]);
          try {
            return await printIn(used, html, rollWidthMm, aborted);
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

async function render(page: Page, html: string, rollWidthMm: number | undefined): Promise<Buffer> {
  await page.setContent(html, { waitUntil: 'load', timeout: PRINT_MS });
  const paper = rollWidthMm === undefined ? {} : await pieceOfRoll(page, rollWidthMm);
  const pdf = await page.pdf({ ...PDF, ...paper, timeout: PRINT_MS });
  // Nothing of one document is left for the next.
  await page.goto('about:blank');
  return Buffer.from(pdf);
}

/** As much paper as the content needs. */
async function pieceOfRoll(page: Page, widthMm: number): Promise<PDFOptions> {
  // The letters first: others would have lines that end elsewhere.
  const height = await page.evaluate(
    'document.fonts.ready.then(() => document.documentElement.getBoundingClientRect().height)',
  );
  const heightMm = Math.min(Number(height) * MM_PER_PX + TAIL_MM, MAX_ROLL_MM);
  return { preferCSSPageSize: false, width: `${widthMm}mm`, height: `${heightMm}mm` };
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
