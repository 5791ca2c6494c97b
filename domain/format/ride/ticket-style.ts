/** Paper of 80 mm, of which thermal printers reach 72. */
export const TICKET_WIDTH_MM = 80;

/**
 * Black on white, no grey and nothing filled: a thermal printer has no ink but black. Eight dots a millimetre are what most
 * have, so nothing is smaller than 6.5 pt.
 */
export const TICKET_STYLE = `
* { box-sizing: border-box; margin: 0; }
html { width: ${TICKET_WIDTH_MM}mm; padding: 3mm 4mm 0; color: #000; font: 7.5pt/1.35 'Noto Sans', sans-serif; }
body { overflow-wrap: anywhere; }
h1, h2, h3, th, dt { font-weight: 400; }
dt, th { font-size: 6.5pt; }
h3, strong { font-weight: 600; }
dd, td { white-space: pre-line; }

.issuer { text-align: center; }
.logo { display: block; max-width: 60mm; max-height: 20mm; margin: 0 auto 2mm; filter: grayscale(1); }
.issuer h2 { font-size: 11pt; font-weight: 600; line-height: 1.2; }
.issuer .trade { font-size: 9pt; }
.legends { padding: 0; font-weight: 600; list-style: none; }
.warning { margin: 2mm 0; padding: 0.8mm; border: 0.8pt solid #000; font-size: 9pt; font-weight: 600; text-align: center; }
.warning:last-child { margin-bottom: 0; }

section { margin-top: 2mm; padding-top: 2mm; border-top: 0.8pt dashed #000; }
h3 { margin-bottom: 0.5mm; font-size: 8pt; }
.row { display: grid; grid-template-columns: 27mm 1fr; gap: 2mm; padding: 0.25mm 0; }
.row dt { padding-top: 0.35mm; }

.number { display: grid; grid-template-columns: 1fr 12mm; gap: 4mm; min-height: 86mm; }
.number h1 { font-size: 12pt; font-weight: 600; line-height: 1.2; }
.number h1 + p { font-size: 10pt; font-weight: 600; }
.number dl { margin-top: 1.5mm; }
.number dd { margin-bottom: 1.2mm; }
/* Upwards, since 321 bars of two dots each are longer than the paper is wide; ten of them stay white at either end. */
.bars { position: relative; width: 12mm; height: 85.25mm; }
.bars svg { position: absolute; top: 2.5mm; left: 12mm; width: 80.25mm; height: 12mm; transform: rotate(90deg); transform-origin: 0 0; }

dl + table { margin-top: 1.5mm; }
table { width: 100%; border-collapse: collapse; }
th { padding: 0 1mm 0.5mm 0; line-height: 1.2; overflow-wrap: break-word; text-align: left; vertical-align: bottom; }
thead { border-bottom: 0.8pt solid #000; }
td { padding: 0 1mm 0 0; vertical-align: top; }
tr > :last-child { padding-right: 0; }
.figure { text-align: right; }
td.figure { overflow-wrap: normal; font-variant-numeric: tabular-nums; }
td.long { overflow-wrap: anywhere; }
tbody .lead td { padding-top: 1mm; }
.note { font-size: 6.5pt; }
.totals td { padding: 0.2mm 0; }
.totals .figure { white-space: nowrap; }
.totals .total td { padding: 1mm 0; font-size: 12pt; font-weight: 600; }
`;
