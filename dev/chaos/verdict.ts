import type { Finding } from '../../domain/admin/integrity.ts';
import type { Store } from '../../domain/store/store.ts';
import { type Tally, talliesOf } from '../audit/surroundings.ts';
import type { Sale } from './sales.ts';

/** Something that was promised and is not so. */
export interface Broken {
  how: 'lost' | 'doubled' | 'stuck';
  /** Access key, idempotency key, or what else it is about. */
  subject: string;
  detail: string;
  sale?: Sale;
}

/** A document with what belongs to it. */
interface Row {
  key: string | null;
  accessKey: string;
  status: string;
  /** Whether its buyer has an address. */
  mailed: boolean;
  refusals: number;
  mails: number;
  mailsSent: number;
  told: number;
  heard: number;
}

const ROWS = `
  select k.key, d.access_key as "accessKey", d.status, d.buyer_email is not null as mailed,
    (select count(*)::int from document_events e where e.document_id = d.id and e.to_status = 'NOT_AUTHORIZED') as refusals,
    (select count(*)::int from mails m where m.document_id = d.id) as mails,
    (select count(*)::int from mails m where m.document_id = d.id and m.status = 'SENT') as "mailsSent",
    (select count(*)::int from webhook_deliveries w where w.document_id = d.id and w.type = 'DOCUMENT_AUTHORIZED') as told,
    (select count(*)::int from webhook_deliveries w
      where w.document_id = d.id and w.type = 'DOCUMENT_AUTHORIZED' and w.status = 'SUCCESS') as heard
  from documents d left join idempotency_keys k on k.document_id = d.id`;

/** Numbers that are in use, against how many there are: from 1 on, without a gap. */
const NUMBERS = `
  select issuer_id || ' ' || document_type as subject, max(sequential)::int as highest, count(*)::int as count
  from documents group by issuer_id, environment, document_type having max(sequential)::int <> count(*)`;

/**
 * What the tills were promised, against what there is: each sale has one document, the one that they were told of, which
 * SRI has accepted once for each time that it did not refuse it, which has been mailed once and told once.
 */
export async function promisesBroken(store: Store, sriControl: string, sales: readonly Sale[]): Promise<Broken[]> {
  const broken: Broken[] = [];
  const rows = await store.lookUp<Row>(ROWS, []);
  const rowOf = new Map(rows.map((row) => [row.key, row]));
  const tallies = new Map<string, Tally>();
  for await (const tally of talliesOf(sriControl)) tallies.set(tally.accessKey, tally);

  for (const sale of sales) {
    const row = rowOf.get(sale.key);
    rowOf.delete(sale.key);
    for (const [how, detail] of wrongWith(sale, row, row && tallies.get(row.accessKey)))
      broken.push({ how, subject: row?.accessKey ?? sale.key, detail, sale });
  }
  for (const { accessKey } of rowOf.values())
    broken.push({ how: 'doubled', subject: accessKey, detail: 'nobody has asked for it' });
  for (const { subject, highest, count } of await store.lookUp<{ subject: string; highest: number; count: number }>(
    NUMBERS,
    [],
  ))
    broken.push({ how: 'lost', subject, detail: `${highest} numbers, ${count} documents` });
  return broken;
}

type Wrong = [how: Broken['how'], detail: string];

/** Pure, for its test. */
export function wrongWith(sale: Sale, row: Row | undefined, tally: Tally | undefined): Wrong[] {
  const wrong: Wrong[] = [];
  const is = (broken: boolean, how: Broken['how'], detail: string) => {
    if (broken) wrong.push([how, detail]);
  };
  const count = (name: string, found: number, wanted: number) =>
    is(found !== wanted, found < wanted ? 'lost' : 'doubled', `${found} ${name}, not ${wanted}`);
  is(sale.refused !== undefined, 'lost', `refused: ${sale.refused}`);
  is(sale.accessKeys.size > 1, 'doubled', `one key, ${sale.accessKeys.size} documents: ${[...sale.accessKeys].join()}`);
  is(sale.refused === undefined && sale.accessKeys.size === 0, 'stuck', 'its till has had no answer');
  if (row === undefined) {
    is(sale.refused === undefined, 'lost', 'there is no document of it');
    return wrong;
  }
  const { accessKey, status, mailed, refusals, mails, mailsSent, told, heard } = row;
  is(
    [...sale.accessKeys].some((key) => key !== accessKey),
    'lost',
    `its till was told of ${[...sale.accessKeys].join()}`,
  );
  is(status !== 'AUTHORIZED', 'stuck', status);
  if (status !== 'AUTHORIZED') return wrong;
  count('accepted receptions', tally?.acceptedReceptions ?? 0, 1 + refusals);
  count('mails', mails, mailed ? 1 : 0);
  is(mailsSent < mails, 'stuck', 'its mail has not gone out');
  count('webhooks', told, 1);
  is(heard < told, 'stuck', 'its webhook has not been accepted');
  return wrong;
}

/** Of the auditor's checks, those that speak of something too much, and of something that does not move. */
const DOUBLED = ['SRI takes a document once', 'SRI knows no other document', 'a webhook says one thing'];
const STUCK = [
  'a document moves on',
  'an authorized document is printed',
  'a mail goes out',
  'a promise to Temporal is kept',
  'no workflow ends badly',
];

/** What the auditor has found, in the same words. */
export function brokenOf({ check, subject, detail }: Finding, sales: readonly Sale[]): Broken {
  const sale = sales.find(({ accessKeys }) => accessKeys.has(subject));
  return {
    how: DOUBLED.includes(check) ? 'doubled' : STUCK.includes(check) ? 'stuck' : 'lost',
    subject,
    detail: `${check}: ${detail}`,
    ...(sale === undefined ? {} : { sale }),
  };
}
