import { html, Markup } from '../html.ts';
import { fontFaces } from './fonts.ts';
import type { Logo } from './look.ts';
import type { Cell, Column, RideView, TotalRow } from './view.ts';

/** Of the cells of a column. */
export const CLASSES: Readonly<Record<Column['kind'], string>> = { text: 'text', code: 'code', number: 'figure' };

/** A page that needs nothing else: no script, fonts and pictures inside. @param style CSS, safe inside of a style element */
export function htmlPage({ title, number }: RideView, style: string, body: Markup): string {
  return html`<!doctype html>
    <html lang="es">
      <meta charset="utf-8" />
      <title>${title} ${number}</title>
      <style>
        ${new Markup(fontFaces(body.text) + style)}
      </style>
      <body>
        ${body}
      </body>
    </html>`.text;
}

/** What is written across a document that has no value; empty for one that has. */
export function warningOf({ environment }: RideView): string {
  return environment === 'sandbox' ? 'SIN VALIDEZ TRIBUTARIA' : '';
}

export function environmentName({ environment }: RideView): string {
  return environment === 'sandbox' ? 'PRUEBAS' : 'PRODUCCIÓN';
}

/** The issuer's name stands beside it, so it needs no words of its own; one that cannot be read is not there. */
export function picture({ mediaType, image }: Logo): Markup {
  return html`<img class="logo" alt="" src="data:${mediaType};base64,${Buffer.from(image).toString('base64')}" />`;
}

/** What a cell says, its notes below. */
export function cellContent({ text, notes = [] }: Cell): Markup {
  return html`${text}${notes.map((note) => html`<div class="note">${note}</div>`)}`;
}

/** What it comes to, a row each. */
export function totals(rows: readonly TotalRow[]): Markup {
  const row = ({ label, amount, kind }: TotalRow) =>
    html`<tr class="${kind}">
      <td>${label}</td>
      <td class="figure">${amount}</td>
    </tr>`;
  return html`<table class="totals">
    ${rows.map(row)}
  </table>`;
}
