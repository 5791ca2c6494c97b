import { html, type Markup } from '../html.ts';
import { barcode } from './barcode.ts';
import { cellContent, CLASSES, environmentName, htmlPage, picture, totals, warningOf } from './html-page.ts';
import type { RideLook } from './look.ts';
import { TICKET_STYLE } from './ticket-style.ts';
import type { Cell, Fact, RideSection, RideTable, RideView } from './view.ts';

/** What the figures of a row can have without being broken, 60 mm; each has an equal part of it. */
const FIGURE_LETTERS = 40;

/** The same RIDE for a roll of thermal paper: all that the A4 page says, in one column. */
export function ticketHtml(view: RideView, { logo }: RideLook = {}): string {
  const { sections, payments, additionalInfo } = view;
  const [parties, ...rest] = sections;
  const warning = warningOf(view) === '' ? undefined : html`<p class="warning">${warningOf(view)}</p>`;
  const body = html`<header class="issuer">${logo && picture(logo)}${issuer(view)}</header>
    ${warning}${number(view, parties?.facts ?? [])}${rest.map(section)}
    <section>${totals(view.totals)}</section>
    ${payments && section({ table: payments })}
    ${additionalInfo.length > 0 ? section({ heading: 'Información Adicional', facts: additionalInfo }) : undefined}
    ${warning}`;
  return htmlPage(view, TICKET_STYLE, body);
}

function issuer({ issuer: { businessName, tradeName, ruc, facts, legends } }: RideView): Markup {
  return html`<h2>${businessName}</h2>
    ${tradeName === undefined ? undefined : html`<p class="trade">${tradeName}</p>`}
    <p><strong>R.U.C. ${ruc}</strong></p>
    ${facts.map(({ label, value }) => html`<p>${label}: ${value}</p>`)}
    <ul class="legends">
      ${legends.map((legend) => html`<li>${legend}</li>`)}
    </ul>`;
}

/** The document and whom it is made out to, beside the bars of its key. */
function number(view: RideView, parties: readonly Fact[]): Markup {
  const { authorizationDate } = view;
  const facts: Fact[] = [
    { label: 'Número de Autorización', value: view.authorizationNumber },
    ...(authorizationDate === undefined ? [] : [{ label: 'Fecha y Hora de Autorización', value: authorizationDate }]),
    { label: 'Ambiente / Emisión', value: `${environmentName(view)} / NORMAL` },
    { label: 'Clave de Acceso', value: view.accessKey },
    ...parties,
  ];
  return html`<section class="number">
    <div>
      <h1>${view.title}</h1>
      <p>No. ${view.number}</p>
      <dl>
        ${facts.map(
          ({ label, value }) =>
            html`<dt>${label}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
    </div>
    <div class="bars">${barcode(view.accessKey)}</div>
  </section>`;
}

function section({ heading, facts = [], table: rows }: RideSection): Markup {
  return html`<section>
    ${heading === undefined ? undefined : html`<h3>${heading}</h3>`}
    ${facts.length > 0 ? html`<dl>${facts.map(fact)}</dl>` : undefined} ${rows && table(rows)}
  </section>`;
}

function fact({ label, value }: Fact): Markup {
  return html`<div class="row">
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;
}

/**
 * What a row is about has a line for itself, the other cells share the next: there is no room beside each other but for two.
 * Columns in which nothing is written are left out.
 */
function table({ columns, rows }: RideTable): Markup {
  const used = columns.flatMap((column, index) =>
    rows.some((row) => !isEmpty(row[index]!)) ? [{ column, index }] : [],
  );
  const lead = used.length > 2 ? used.find(({ column }) => column.kind === 'text') : undefined;
  const rest = used.filter((place) => place !== lead);
  const breaking = FIGURE_LETTERS / used.filter(({ column }) => column.kind === 'number').length;
  const span = String(rest.length);
  const first = (content: Markup) =>
    html`<tr class="lead">
      ${content}
    </tr>`;
  return html`<table>
    <thead>
      ${lead && first(html`<th colspan="${span}">${lead.column.label}</th>`)}
      <tr>
        ${rest.map(({ column: { label, kind } }) => html`<th class="${CLASSES[kind]}">${label}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`${lead && first(html`<td colspan="${span}">${cellContent(row[lead.index]!)}</td>`)}
            <tr>
              ${rest.map(({ column: { kind }, index }) => {
                const content = row[index]!;
                const long = content.text.length > breaking ? 'long' : '';
                return html`<td class="${CLASSES[kind]} ${long}">${cellContent(content)}</td>`;
              })}
            </tr>`,
      )}
    </tbody>
  </table>`;
}

function isEmpty({ text, notes = [] }: Cell): boolean {
  return text === '' && notes.length === 0;
}
