import { z } from 'zod';
import {
  checkCode,
  checkParty,
  checkSum,
  type CheckOptions,
  differs,
  NAMED_ID_TYPES,
  type Report,
} from '../model/checks.ts';
import { COUNTRIES } from '../model/countries.ts';
import type { Item, Party, Payment } from '../model/document.ts';
import { Decimal, sum, toMoney } from '../model/money.ts';
import { PRESUMPTIVE_CODES } from '../model/retention-codes.ts';
import { isoDateOf } from '../model/tax-date.ts';
import { decimal, digits, email, line, taxDate } from './body-fields.ts';
import { each, group, text } from './canonical-xml.ts';
import type { WriteInput } from './document-type.ts';
import { checkReimbursements, ReimbursementIn, reimbursementList, reimbursedSums } from './reimbursements.ts';

/*
 * What only some facturas have: exports, reimbursements, retentions in advance, transport, charges of third parties,
 * negotiable ones, subsidies (schema 2.1.0; ficha técnica 2.34, annexes 8 to 13 and 25).
 */

const country = () => digits(3).meta({ description: 'SRI table 25; 593 is Ecuador.', example: '110' });
const port = () => line(300).meta({ example: 'Guayaquil' });
const usd = () => decimal(12, 2).meta({ example: '120.00' });
const incoterm = () =>
  z
    .string()
    .regex(/^[A-Z]{1,10}$/, 'must be 1 to 10 capitals')
    .meta({ example: 'FOB' });

export const extraFields = {
  export: z
    .strictObject({
      incoterm: incoterm(),
      place: port().meta({ description: 'Of the incoterm.' }),
      originCountry: country(),
      loadingPort: port(),
      destinationPort: port(),
      destinationCountry: country(),
      purchaseCountry: country().exactOptional(),
      totalIncoterm: incoterm().exactOptional().meta({ description: 'That the subtotal is stated by.' }),
      freight: usd().exactOptional(),
      insurance: usd().exactOptional(),
      customs: usd().exactOptional(),
      otherTransport: usd().exactOptional(),
    })
    .exactOptional()
    .meta({ description: 'Of a sale to abroad. Its four amounts add to the total.' }),
  plate: line(20)
    .exactOptional()
    .meta({ description: 'Of the vehicle: mandatory for operators of commercial transport.', example: 'PBA1234' }),
  reimbursements: z
    .array(ReimbursementIn)
    .min(1)
    .exactOptional()
    .meta({ description: 'Costs that were paid for the buyer and are passed on.' }),
  retentions: z
    .array(
      z.strictObject({
        code: z
          .string()
          .regex(/^\d{1,3}$/, 'must have 1 to 3 digits')
          .meta({ example: '327' }),
        rate: decimal(3, 2).meta({ example: '0.20' }),
        amount: usd(),
      }),
    )
    .min(1)
    .exactOptional()
    .meta({ description: 'What fuel and press withhold in advance: 3 is IVA, 327 and 328 income tax.' }),
  transport: z
    .strictObject({
      startAddress: line(300),
      recipientAddress: line(300),
      startDate: taxDate().meta({ example: '25/11/2026' }),
      endDate: taxDate().meta({ example: '26/11/2026' }),
      carrier: z.strictObject({ idType: z.enum(['04', '05', '06', '08']), id: line(20), name: line(300) }),
      plate: line(20),
      destinations: z
        .array(
          z.strictObject({
            reason: line(300),
            customsDocument: line(64).exactOptional(),
            branchCode: digits(3).exactOptional(),
            route: line(300).exactOptional(),
          }),
        )
        .min(1),
    })
    .exactOptional()
    .meta({ description: 'In place of a guía de remisión; version 2.1.0.' }),
  thirdPartyCharges: z
    .array(z.strictObject({ concept: line(300).meta({ example: 'Tasa de bomberos' }), total: usd() }))
    .min(1)
    .exactOptional()
    .meta({ description: 'Collected for others, outside of the total; version 2.1.0.' }),
  negotiable: z
    .strictObject({ email: email().max(100).meta({ description: 'Of whoever is to accept it.' }) })
    .exactOptional()
    .meta({ description: 'A factura comercial negociable: wants the buyer’s address and a term of payment in days.' }),
};

const extras = z.strictObject(extraFields);

/** The part of a factura that is here, with what it hangs on. */
export type FacturaExtras = z.output<typeof extras> & {
  version?: string;
  buyer: Party;
  items: Item[];
  payments: Payment[];
};

type Input = WriteInput<FacturaExtras & { documentType: '01' }>;

const EXPORT_AMOUNTS = ['freight', 'insurance', 'customs', 'otherTransport'] as const;

/** What an export adds to the total, in USD. */
export function exportAmounts({ export: sale }: Pick<FacturaExtras, 'export'>): Decimal {
  return sum(EXPORT_AMOUNTS.map((name) => sale?.[name] ?? 0));
}

/** What the subsidy saves the buyer, in USD; nothing where no line is subsidized. */
function subsidyOf(items: readonly Item[]): string | undefined {
  const saved = items.map(({ quantity, unitPrice, unsubsidizedPrice }) =>
    unsubsidizedPrice === undefined ? 0 : new Decimal(unsubsidizedPrice).minus(unitPrice).times(quantity),
  );
  return items.some((item) => item.unsubsidizedPrice !== undefined) ? toMoney(sum(saved)) : undefined;
}

const IVA_IN_ADVANCE = '3';

/** What is withheld in advance, of IVA or of income tax. */
function advanceOf({ retentions = [] }: FacturaExtras, iva: boolean): string | undefined {
  const amounts = retentions.filter(({ code }) => (code === IVA_IN_ADVANCE) === iva).map(({ amount }) => amount);
  return amounts.length === 0 ? undefined : toMoney(sum(amounts));
}

const reimbursements = ({ body }: Input) => body.reimbursements ?? [];
const money = (amount: string | undefined) => amount && toMoney(amount);

/** Elements of `infoFactura`, by the place that the schema has for them. */
export const extraInfo = {
  beforeBuyer: [
    text<Input>('comercioExterior', ({ body }) => body.export && 'EXPORTADOR'),
    text<Input>('incoTermFactura', ({ body }) => body.export?.incoterm),
    text<Input>('lugarIncoTerm', ({ body }) => body.export?.place),
    text<Input>('paisOrigen', ({ body }) => body.export?.originCountry),
    text<Input>('puertoEmbarque', ({ body }) => body.export?.loadingPort),
    text<Input>('puertoDestino', ({ body }) => body.export?.destinationPort),
    text<Input>('paisDestino', ({ body }) => body.export?.destinationCountry),
    text<Input>('paisAdquisicion', ({ body }) => body.export?.purchaseCountry),
  ],
  afterSubtotal: [
    text<Input>('totalSubsidio', ({ body }) => subsidyOf(body.items)),
    text<Input>('incoTermTotalSinImpuestos', ({ body }) => body.export?.totalIncoterm),
  ],
  afterDiscount: [
    text<Input>('codDocReembolso', (input) => (reimbursements(input).length > 0 ? '41' : undefined)),
    ...reimbursedSums<Input>(reimbursements),
  ],
  afterTip: [
    text<Input>('fleteInternacional', ({ body }) => money(body.export?.freight)),
    text<Input>('seguroInternacional', ({ body }) => money(body.export?.insurance)),
    text<Input>('gastosAduaneros', ({ body }) => money(body.export?.customs)),
    text<Input>('gastosTransporteOtros', ({ body }) => money(body.export?.otherTransport)),
  ],
  afterCurrency: [text<Input>('placa', ({ body }) => body.plate)],
  afterPayments: [
    text<Input>('valorRetIva', ({ body }) => advanceOf(body, true)),
    text<Input>('valorRetRenta', ({ body }) => advanceOf(body, false)),
  ],
};

type Transport = NonNullable<FacturaExtras['transport']>;

/** What follows the lines. */
export const extraElements = [
  reimbursementList<Input>(reimbursements),
  group<Input>('retenciones', [
    each(
      ({ body }) => body.retentions ?? [],
      group<NonNullable<FacturaExtras['retentions']>[number]>('retencion', [
        text('codigo', () => '4'),
        text('codigoPorcentaje', ({ code }) => code),
        text('tarifa', ({ rate }) => new Decimal(rate).toFixed()),
        text('valor', ({ amount }) => toMoney(amount)),
      ]),
    ),
  ]),
  group<Input>('infoSustitutivaGuiaRemision', [
    text('dirPartida', ({ body }) => body.transport?.startAddress),
    text('dirDestinatario', ({ body }) => body.transport?.recipientAddress),
    text('fechaIniTransporte', ({ body }) => body.transport?.startDate),
    text('fechaFinTransporte', ({ body }) => body.transport?.endDate),
    text('razonSocialTransportista', ({ body }) => body.transport?.carrier.name),
    text('tipoIdentificacionTransportista', ({ body }) => body.transport?.carrier.idType),
    text('rucTransportista', ({ body }) => body.transport?.carrier.id),
    text('placa', ({ body }) => body.transport?.plate),
    group('destinos', [
      each(
        ({ body }) => body.transport?.destinations ?? [],
        group<Transport['destinations'][number]>('destino', [
          text('motivoTraslado', ({ reason }) => reason),
          text('docAduaneroUnico', ({ customsDocument }) => customsDocument),
          text('codEstabDestino', ({ branchCode }) => branchCode),
          text('ruta', ({ route }) => route),
        ]),
      ),
    ]),
  ]),
  group<Input>('otrosRubrosTerceros', [
    each(
      ({ body }) => body.thirdPartyCharges ?? [],
      group<NonNullable<FacturaExtras['thirdPartyCharges']>[number]>('rubro', [
        text('concepto', ({ concept }) => concept),
        text('total', ({ total }) => toMoney(total)),
      ]),
    ),
  ]),
  group<Input>('tipoNegociable', [text('correo', ({ body }) => body.negotiable?.email)]),
];

/** Auxiliary codes of lines of transport, whose plates have one form (ficha técnica 2.34, anexo 25). */
const TRANSPORT_CODES = ['H492001', 'H492002'];

/** Codes, dates, and what hangs together; amounts are checked with the totals. */
export function checkExtras(sale: FacturaExtras, { issueDate }: CheckOptions, report: Report): void {
  for (const name of ['originCountry', 'destinationCountry', 'purchaseCountry'] as const)
    checkCode(sale.export?.[name], `export.${name}`, COUNTRIES, issueDate, report);
  checkReimbursements(sale.reimbursements ?? [], 'reimbursements', issueDate, report);
  sale.retentions?.forEach((retention, index) => {
    checkCode(retention.code, `retentions[${index}].code`, PRESUMPTIVE_CODES, issueDate, report);
    const rate = PRESUMPTIVE_CODES.find((row) => row.code === retention.code)?.rate;
    if (rate !== undefined && !new Decimal(rate).equals(retention.rate))
      report(`retentions[${index}].rate`, `must be ${rate} for code ${retention.code}`, retention.rate);
  });
  const ofTransport = sale.items.some(({ auxiliaryCode = '' }) => TRANSPORT_CODES.includes(auxiliaryCode));
  if (ofTransport && sale.plate !== undefined && !/^[A-Z]{3}\d{4}$/.test(sale.plate))
    report('plate', 'must be three capitals and four digits, such as ABC0123, where a line is transport', sale.plate);
  if (sale.transport !== undefined) checkTransport(sale.transport, issueDate, report);
  for (const name of ['transport', 'thirdPartyCharges'] as const) {
    if (sale[name] !== undefined && sale.version === '1.1.0') report(name, 'is known to version 2.1.0 only');
  }
  if (sale.negotiable !== undefined) {
    if (sale.buyer.address === undefined) report('buyer.address', 'is mandatory in a negotiable factura');
    if (!sale.payments.some(({ termUnit }) => termUnit === 'dias'))
      report('payments', 'of a negotiable factura need a term in days (termUnit dias)');
  }
}

function checkTransport({ carrier, startDate, endDate }: Transport, issueDate: string, report: Report): void {
  checkParty(carrier, 'transport.carrier', NAMED_ID_TYPES, issueDate, report);
  if (isoDateOf(startDate) < isoDateOf(issueDate))
    report('transport.startDate', `must not be before ${issueDate}`, startDate);
  if (isoDateOf(endDate) < isoDateOf(startDate))
    report('transport.endDate', `must not be before ${startDate}`, endDate);
}

/** Sums of what only some facturas have: SRI's schema takes 14 digits, and IVA in advance is part of the factura's. */
export function checkExtraAmounts(sale: FacturaExtras, iva: string, report: Report): void {
  const ivaInAdvance = advanceOf(sale, true);
  if (ivaInAdvance !== undefined && differs(ivaInAdvance, iva) && new Decimal(ivaInAdvance).greaterThan(iva))
    report('retentions', `of IVA must not exceed the IVA of the factura, ${iva}`, ivaInAdvance);
  checkSum('retentions', advanceOf(sale, false), report);
  checkSum('items', subsidyOf(sale.items), report);
}
