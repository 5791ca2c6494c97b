import fc from 'fast-check';
import type { FacturaBody } from '../../domain/format/factura.ts';
import { buildAccessKey } from '../../domain/model/access-key.ts';
import type { DocumentHead, IssuerSnapshot, Item, LineTax, Party, Payment } from '../../domain/model/document.ts';
import { computeTotals } from '../../domain/model/sale-totals.ts';
import type { CheckOptions } from '../../domain/model/checks.ts';
import { FINAL_CONSUMER_ID, isCedula } from '../../domain/model/identification.ts';
import { Decimal, toMoney } from '../../domain/model/money.ts';

/** The day on which the samples are issued. */
export const SAMPLE_DATE = '25/11/2026';

/** USD, as the settings have it by default. */
export const FINAL_CONSUMER_LIMIT = '50.00';

export const PROVIDER_RUC = '1793213150001';

export const sampleIssuer: IssuerSnapshot = {
  ruc: '1710034065001',
  businessName: 'Panadería El Trigo Ñato',
  tradeName: 'El Trigo',
  mainAddress: 'Av. Amazonas N21-147 y Roca, Quito',
  branchAddress: 'Calle Larga 5-24, Cuenca',
  branchCode: '001',
  issuePointCode: '001',
  requiredAccounting: false,
};

/** What the checks go by, on the day of the samples. */
export const sampleOptions: CheckOptions = {
  issueDate: SAMPLE_DATE,
  finalConsumerLimit: FINAL_CONSUMER_LIMIT,
  issuer: sampleIssuer,
};

export const sampleBuyer: Party = {
  idType: '05',
  id: '0926687856',
  name: 'María José Ñauta',
  email: 'maria@example.com',
  address: 'Guayaquil, Malecón 100',
};

export const finalConsumer: Party = { idType: '07', id: FINAL_CONSUMER_ID, name: 'CONSUMIDOR FINAL' };

export const iva15: LineTax = { code: '2', rateCode: '4', rate: '15' };

/** A head whose access key is right; parts of it may be replaced, the key follows. */
export function sampleHead(
  head: Partial<Omit<DocumentHead, 'accessKey'>> = {},
  issuer: Pick<IssuerSnapshot, 'ruc' | 'branchCode' | 'issuePointCode'> = sampleIssuer,
): DocumentHead {
  const parts = {
    environment: 'sandbox',
    documentType: '01',
    sequential: '000000001',
    issueDate: SAMPLE_DATE,
    ...head,
  } as const;
  const { ruc, branchCode, issuePointCode } = issuer;
  const accessKey = buildAccessKey({ ...parts, ruc, branchCode, issuePointCode, numericCode: '12345678' });
  return { ...parts, accessKey };
}

/** A line of 2 × 5.00 at 15 %; parts of it may be replaced. */
export function sampleItem(item: Partial<Item> = {}): Item {
  return {
    mainCode: 'PAN-01',
    description: 'Pan de yuca',
    quantity: '2',
    unitPrice: '5.00',
    taxes: [iva15],
    ...item,
  };
}

/** A valid sale of one line, paid in cash; parts of it may be replaced, the payment follows the total. */
export function sampleSale(body: Partial<FacturaBody> = {}): FacturaBody {
  return paid({ documentType: '01', buyer: sampleBuyer, items: [sampleItem()], payments: [], ...body });
}

/** A valid sale of so many lines, no two alike. */
export function saleOfLines(count: number): FacturaBody {
  const items = Array.from({ length: count }, (_, index) =>
    sampleItem({
      mainCode: `P-${index + 1}`,
      description: `Producto número ${index + 1}`,
      quantity: String(1 + (index % 7)),
      unitPrice: new Decimal('0.25').times(index + 1).toFixed(2),
    }),
  );
  return sampleSale({ items });
}

/** The sale with one payment over its whole total, if it has none. */
export function paid(body: FacturaBody): FacturaBody {
  if (body.payments.length > 0) return body;
  return { ...body, payments: [{ method: '01', total: computeTotals(body).total }] };
}

/** Characters that XML, C14N, fonts and databases treat in ways of their own. */
const NASTY = [
  '&',
  '<',
  '>',
  '"',
  "'",
  ']]>',
  '&amp;',
  '\u00a0',
  'ñ',
  'Á',
  'e\u0301',
  '€',
  '😀',
  '𝒳',
  '\u200d',
  '\ufffd',
  '%',
  '\\',
  ' ',
];

/** A text that a document takes: up to `longest` UTF-16 units, no control characters, no space at its ends. */
export function anyText(longest: number): fc.Arbitrary<string> {
  const unit = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('a', 'e', 'k', 'n', 'o', 'R', 'S', 'T', '0', '7') },
    { weight: 2, arbitrary: fc.constantFrom(...NASTY) },
  );
  return fc
    .array(unit, { minLength: 1, maxLength: Math.min(longest, 40) })
    .map((units) => units.join('').trim())
    .filter((text) => text !== '' && text.length <= longest);
}

/** A decimal with up to so many digits before and exactly or up to so many after the point. */
export function anyDecimal(max: number, decimals: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min: 0, max: max * 10 ** decimals }), fc.integer({ min: 0, max: decimals }))
    .map(([units, shown]) => new Decimal(units).div(10 ** decimals).toFixed(shown));
}

/** A cédula whose check digit is right. */
export const anyCedula: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('01', '09', '17', '24', '30'), fc.integer({ min: 0, max: 5_999_999 }))
  .map(([province, rest]) => {
    const nine = province + String(rest).padStart(7, '0');
    return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `${nine}${digit}`).find(isCedula)!;
  });

export const anyBuyer: fc.Arbitrary<Party> = fc
  .record({
    id: fc.oneof(
      anyCedula.map((id) => ({ idType: '05' as const, id })),
      anyCedula.map((cedula) => ({ idType: '04' as const, id: `${cedula}001` })),
      fc.constantFrom('1793213150001', '1760013210001').map((id) => ({ idType: '04' as const, id })),
      fc.constantFrom('AB-123.456', 'Ñ 77/1').map((id) => ({ idType: '06' as const, id })),
      fc.constant({ idType: '08' as const, id: 'X1' }),
    ),
    name: anyText(300),
    address: fc.option(anyText(300), { nil: undefined }),
  })
  .map(({ id, name, address }) => ({ ...id, name, ...(address === undefined ? {} : { address }) }));

export const anyIva: fc.Arbitrary<LineTax> = fc
  .constantFrom(['0', '0'], ['4', '15'], ['5', '5'], ['6', '0'], ['7', '0'], ['8', '8'], ['10', '13'])
  .map(([rateCode, rate]) => ({ code: '2', rateCode: rateCode!, rate: rate! }));

export const anyIce: fc.Arbitrary<LineTax> = fc
  .tuple(
    fc.constantFrom(['3092', '15'], ['3053', '0.18'], ['3610', '20'], ['3680', '150']),
    anyDecimal(500, 2),
    anyDecimal(90, 2),
  )
  .map(([[rateCode, rate], taxableBase, taxAmount]) => ({
    code: '3',
    rateCode: rateCode!,
    rate: rate!,
    taxableBase,
    taxAmount,
  }));

const anyIrbpnr: fc.Arbitrary<LineTax> = fc.integer({ min: 1, max: 500 }).map((bottles) => ({
  code: '5',
  rateCode: '5001',
  rate: '0.02',
  taxableBase: `${bottles}.00`,
  taxAmount: toMoney(new Decimal(bottles).times('0.02')),
}));

export const anyNameValues = (most: number) =>
  fc.array(fc.record({ name: anyText(300), value: anyText(300) }), { maxLength: most });

export const anyItem: fc.Arbitrary<Item> = fc
  .record({
    mainCode: anyText(25),
    auxiliaryCode: fc.option(anyText(25), { nil: undefined }),
    description: anyText(300),
    unit: fc.option(anyText(50), { nil: undefined }),
    quantity: anyDecimal(200, 6),
    unitPrice: anyDecimal(300, 6),
    discounted: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    taxes: fc.tuple(anyIva, fc.option(anyIce, { nil: undefined }), fc.option(anyIrbpnr, { nil: undefined })),
    additionalDetails: fc.option(anyNameValues(3), { nil: undefined }),
  })
  .map(({ auxiliaryCode, unit, discounted, taxes, additionalDetails, ...item }) => {
    const gross = new Decimal(item.quantity).times(item.unitPrice);
    return {
      ...item,
      taxes: taxes.filter((tax) => tax !== undefined),
      ...(auxiliaryCode === undefined ? {} : { auxiliaryCode }),
      ...(unit === undefined ? {} : { unit }),
      ...(discounted === undefined
        ? {}
        : { discount: gross.times(discounted).dividedBy(100).toFixed(2, Decimal.ROUND_DOWN) }),
      ...(additionalDetails === undefined ? {} : { additionalDetails }),
    };
  });

/** Parts of a total that add up to it. */
function split(total: string, cuts: readonly number[]): string[] {
  const parts: string[] = [];
  let rest = new Decimal(total);
  for (const cut of cuts) {
    const part = rest.times(cut).dividedBy(100).toFixed(2, Decimal.ROUND_DOWN);
    parts.push(part);
    rest = rest.minus(part);
  }
  return [...parts, toMoney(rest)];
}

/** Any sale that `checkFactura` lets pass on {@link SAMPLE_DATE}. */
export const anySale: fc.Arbitrary<FacturaBody> = fc
  .record({
    buyer: anyBuyer,
    items: fc.array(anyItem, { minLength: 1, maxLength: 8 }),
    guiaRemision: fc.option(fc.constant('001-002-000000003'), { nil: undefined }),
    additionalInfo: fc.option(anyNameValues(14), { nil: undefined }),
    tipped: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
    cuts: fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 3 }),
    method: fc.constantFrom('01', '15', '16', '19', '20'),
    term: fc.option(fc.integer({ min: 0, max: 360 }), { nil: undefined }),
  })
  .map(({ buyer, items, guiaRemision, additionalInfo, tipped, cuts, method, term }) => {
    const sale: FacturaBody = {
      documentType: '01',
      buyer,
      items,
      payments: [],
      ...(guiaRemision === undefined ? {} : { guiaRemision }),
      ...(additionalInfo === undefined ? {} : { additionalInfo }),
    };
    const { subtotal } = computeTotals(sale);
    const tip =
      tipped === undefined
        ? {}
        : { tip: new Decimal(subtotal).times(tipped).dividedBy(100).toFixed(2, Decimal.ROUND_DOWN) };
    const { total } = computeTotals({ ...sale, ...tip });
    const inTime = term === undefined ? {} : { term: String(term), termUnit: 'dias' as const };
    const payments: Payment[] = split(total, cuts).map((part) => ({ method, total: part, ...inTime }));
    return { ...sale, ...tip, payments };
  });
