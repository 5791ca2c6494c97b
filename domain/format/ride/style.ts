import type { Accents } from './look.ts';
import { watermark } from './watermark.ts';

/**
 * The page's look. Hierarchy is by size, weight and rules, black and grey but for the issuer's colour: most RIDEs leave a
 * monochrome printer. Lengths are mm and pt because this is paper.
 */
export function pageStyle({ warning, footer, accents }: { warning: string; footer: string; accents: Accents }): string {
  const { ink, rule, fill, onFill } = accents;
  // A picture that begins again with every page's 268 mm: a fixed element would be on the first page only.
  const background = warning === '' ? 'none' : `${watermark(warning)} 0 0 / 184mm 268mm repeat-y`;
  return `
@page {
  size: A4;
  margin: 12mm 13mm 17mm;
  font: 6.5pt 'Noto Sans', sans-serif;
  color: #555;
  @top-center { content: ${cssString(warning)}; }
  @bottom-left { content: ${cssString(footer)}; }
  @bottom-right { content: 'Página ' counter(page) ' de ' counter(pages); }
}
* { box-sizing: border-box; margin: 0; }
html { font: 8pt/1.4 'Noto Sans', sans-serif; color: #111; background: ${background}; print-color-adjust: exact; }
body { overflow-wrap: anywhere; }
h1, h2, h3, th, dt { font-weight: 400; }
dt, th, h3, .label { color: #555; font-size: 6.2pt; letter-spacing: 0.03em; text-transform: uppercase; }
dd, td { white-space: pre-line; }

.head { display: grid; grid-template-columns: 1fr 86mm; gap: 8mm; break-inside: avoid; }
.logo { display: block; max-width: 84mm; max-height: 22mm; margin-bottom: 3mm; }
.issuer h2 { color: ${ink}; font-size: 13pt; font-weight: 600; line-height: 1.2; }
.issuer .trade { margin-top: 0.8mm; font-size: 9.5pt; }
.issuer dl { margin-top: 4mm; }
.issuer dd { margin-bottom: 1.6mm; }
.legends { margin-top: 1mm; padding: 0; font-weight: 600; list-style: none; }

.number { padding: 3.5mm 4mm 3mm; border: 0.8pt solid ${rule}; border-radius: 1.2mm; }
.number h1 { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; color: ${ink}; font-size: 15pt; font-weight: 600; letter-spacing: 0.04em; line-height: 1.2; }
.number h1 span { font-size: 11.5pt; letter-spacing: 0; }
.number .ruc { display: flex; justify-content: space-between; align-items: baseline; margin-bottom: 2mm; padding-bottom: 2mm; border-bottom: 0.4pt solid #999; font-size: 10pt; }
.number dl { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 1.4mm 3mm; margin-top: 2mm; }
.number .wide { grid-column: 1 / -1; }
.number .two { grid-column: span 2; }
.key { font-size: 7.4pt; white-space: nowrap; }
/* White around the bars: their quiet zone, which the words across the page must not enter. */
.number svg { display: block; width: 84mm; height: 12mm; margin: 1mm -3mm; padding: 0 3mm; background: #fff; }

section { margin-top: 5mm; }
section > h3 { margin-bottom: 1mm; color: ${ink}; font-weight: 600; break-after: avoid; }
.facts { display: grid; grid-template-columns: 5fr 4fr 4fr; gap: 1.4mm 5mm; padding: 2.5mm 0; border-top: 0.8pt solid ${rule}; border-bottom: 0.4pt solid #999; break-inside: avoid; }
.facts .wide { grid-column: 1 / -1; }
.facts .wide:first-child dd { font-size: 9.5pt; font-weight: 600; }

table { width: 100%; border-collapse: collapse; }
th { padding: 0 2mm 1mm; border-bottom: 0.8pt solid ${rule}; line-height: 1.25; overflow-wrap: break-word; text-align: left; vertical-align: bottom; }
td { padding: 0.9mm 2mm; border-bottom: 0.3pt solid #bbb; vertical-align: top; }
tr > :first-child { padding-left: 0; }
tr > :last-child { padding-right: 0; }
${fill === 'none' ? '' : filledHeads(fill, onFill)}
tr { break-inside: avoid; }
td.text { min-width: 36mm; }
/* A RUC is whole. */
td.code { min-width: 26mm; max-width: 28mm; }
th.figure, td.figure { text-align: right; }
td.figure { white-space: nowrap; font-variant-numeric: tabular-nums; }
.note { color: #555; font-size: 7pt; white-space: normal; }
td.figure .note { max-width: 22mm; margin-left: auto; }
.facts + table { margin-top: 3mm; }
.facts:has(+ table) { break-after: avoid; }

.closing { display: grid; grid-template-columns: 1fr 72mm; gap: 10mm; align-items: start; margin-top: 5mm; break-inside: avoid; }
.closing section:first-child { margin-top: 0; }
.closing section + section { margin-top: 6mm; }
.info { padding-top: 1.5mm; border-top: 0.8pt solid ${rule}; }
.info > div { display: grid; grid-template-columns: 30mm 1fr; gap: 3mm; padding: 0.5mm 0; break-inside: avoid; }
/* Called what whoever added it calls it; "RUC Proveedor" is literal by law. */
.info dt { padding-top: 0.45mm; text-transform: none; }
.totals { break-inside: avoid; }
.totals td { padding: 0.8mm 0; border-color: #ddd; vertical-align: baseline; }
.totals td:first-child { padding-right: 3mm; font-size: 7pt; }
.totals .total td { padding: 1.6mm 0; border-top: 0.8pt solid ${rule}; border-bottom: 0.8pt solid ${rule}; font-size: 11pt; font-weight: 600; }
.totals .total td:first-child { font-size: 9pt; }
`;
}

/** Heads on a ground of their own: what stands below is moved in as far as they are. */
function filledHeads(fill: string, onFill: string): string {
  return `thead th { padding: 1mm 2mm; background: ${fill}; color: ${onFill}; }
thead tr > :first-child, thead + tbody > tr > :first-child { padding-left: 2mm; }
thead tr > :last-child, thead + tbody > tr > :last-child { padding-right: 2mm; }`;
}

/** A CSS string, safe inside of a style element. */
function cssString(text: string): string {
  return `'${text.replaceAll(/[^\p{L}\p{N} .-]/gu, (character) => `\\${character.codePointAt(0)!.toString(16)} `)}'`;
}
