import { barcode } from './barcode.ts';
import { html, type Markup } from '../html.ts';
import { cellContent, CLASSES, environmentName, htmlPage, picture, totals, warningOf } from './html-page.ts';
import { accentsOf, type Logo, type RideLook } from './look.ts';
import { pageStyle } from './style.ts';
import type { Fact, RideIssuer, RideSection, RideTable, RideView } from './view.ts';

/** Raised with every change of what a page shows: stored RIDEs name theirs. */
export const RIDE_TEMPLATE_VERSION = 1;

/** A self-contained A4 page: no script, nothing loaded, every text escaped. */
export function rideHtml(view: RideView, { logo, color }: RideLook = {}): string {
  const body = html`<header class="head">${issuer(view.issuer, logo)}${number(view)}</header>
    ${view.sections.map(section)}
    <div class="closing">
      <div>${additionalInfo(view.additionalInfo)}${view.payments && section({ table: view.payments })}</div>
      ${totals(view.totals)}
    </div>`;
  const footer = `${view.title} ${view.number} · RUC ${view.issuer.ruc}`;
  const style = pageStyle({ warning: warningOf(view), footer, accents: accentsOf(color) });
  return htmlPage(view, style, body);
}

function issuer({ businessName, tradeName, facts, legends }: RideIssuer, logo: Logo | undefined): Markup {
  return html`<div class="issuer">
    ${logo && picture(logo)}
    <h2>${businessName}</h2>
    ${tradeName === undefined ? undefined : html`<p class="trade">${tradeName}</p>`}
    <dl>${facts.map(fact)}</dl>
    <ul class="legends">
      ${legends.map((legend) => html`<li>${legend}</li>`)}
    </ul>
  </div>`;
}

function number(view: RideView): Markup {
  const {
    title,
    number: documentNumber,
    issuer: { ruc },
  } = view;
  const date = view.authorizationDate;
  return html`<div class="number">
    <p class="ruc"><span class="label">R.U.C.</span> ${ruc}</p>
    <h1>${title} <span>No. ${documentNumber}</span></h1>
    <dl>
      <div class="wide">
        <dt>Número de Autorización</dt>
        <dd class="key">${view.authorizationNumber}</dd>
      </div>
      ${
        date === undefined
          ? undefined
          : html`<div class="wide">
              <dt>Fecha y Hora de Autorización</dt>
              <dd>${date}</dd>
            </div>`
      }
      <div>
        <dt>Ambiente</dt>
        <dd>${environmentName(view)}</dd>
      </div>
      <div class="two">
        <dt>Emisión</dt>
        <dd>NORMAL</dd>
      </div>
      <div class="wide">
        <dt>Clave de Acceso</dt>
        <dd class="key">${barcode(view.accessKey)}${view.accessKey}</dd>
      </div>
    </dl>
  </div>`;
}

function section({ heading, facts, table: rows }: RideSection): Markup {
  return html`<section>
    ${heading === undefined ? undefined : html`<h3>${heading}</h3>`}
    ${facts === undefined ? undefined : html`<dl class="facts">${facts.map(fact)}</dl>`} ${rows && table(rows)}
  </section>`;
}

function fact({ label, value, wide }: Fact): Markup {
  return html`<div class="${wide === true ? 'wide' : ''}">
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;
}

function table({ columns, rows }: RideTable): Markup {
  return html`<table>
    <thead>
      <tr>
        ${columns.map(({ label, kind }) => html`<th class="${CLASSES[kind]}">${label}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell, index) => html`<td class="${CLASSES[columns[index]!.kind]}">${cellContent(cell)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function additionalInfo(facts: readonly Fact[]): Markup | undefined {
  if (facts.length === 0) return undefined;
  return html`<section>
    <h3>Información Adicional</h3>
    <dl class="info">${facts.map(fact)}</dl>
  </section>`;
}
