import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allDocuments, type Finding } from '../../domain/admin/integrity.ts';
import type { Store } from '../../domain/store/store.ts';

/** One document as the simulator of SRI tells of it. */
export interface Tally {
  accessKey: string;
  acceptedReceptions: number;
  state?: string;
}

/** Statuses of documents that SRI must have taken. */
const TAKEN = ['RECEIVED', 'AUTHORIZED', 'NOT_AUTHORIZED'];

/** Each document that says so has been taken by SRI, once for each time that it was written; SRI knows no other. */
export async function sriFindings(store: Store, controlUrl: string): Promise<Finding[]> {
  const tallies = new Map<string, Tally>();
  for await (const tally of talliesOf(controlUrl)) tallies.set(tally.accessKey, tally);
  const findings: Finding[] = [];
  for await (const { accessKey, status, revision } of allDocuments(store)) {
    const { acceptedReceptions, state } = tallies.get(accessKey) ?? { acceptedReceptions: 0 };
    tallies.delete(accessKey);
    const found = (check: string, detail: string) => findings.push({ check, subject: accessKey, detail });
    if (TAKEN.includes(status) && acceptedReceptions === 0)
      found('SRI has what was sent', `${status}, and SRI has not`);
    if (acceptedReceptions > revision)
      found('SRI takes a document once', `taken ${acceptedReceptions} times, written ${revision}`);
    if ((status === 'AUTHORIZED') !== (state === 'AUTORIZADO') && status !== 'RECEIVED' && status !== 'PENDING_SEND')
      found('SRI has decided what we say', `${status}, and SRI says ${state ?? 'nothing'}`);
  }
  for (const [accessKey, { acceptedReceptions }] of tallies) {
    if (acceptedReceptions > 0)
      findings.push({ check: 'SRI knows no other document', subject: accessKey, detail: 'not ours' });
  }
  return findings;
}

/** Every document that the simulator knows. */
export async function* talliesOf(controlUrl: string): AsyncGenerator<Tally> {
  let after: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '1000', ...(after === undefined ? {} : { after }) });
    const response = await fetch(`${controlUrl}/documents?${query}`);
    if (!response.ok) throw new Error(`The simulator answered ${response.status}.`);
    const page = (await response.json()) as { documents: Tally[]; next?: string };
    yield* page.documents;
    after = page.next;
  } while (after !== undefined);
}

/** Each mail that is said to have gone out has arrived at least once. */
export async function mailFindings(store: Store, mailboxDir: string): Promise<Finding[]> {
  const arrived = new Set(
    filesOf(mailboxDir, '.eml').map((file) => /^message-id:\s*<([^@>]+)@/im.exec(readFileSync(file, 'latin1'))?.[1]),
  );
  const sent = await store.lookUp<{ id: string; recipient: string }>(`select id from mails where status = 'SENT'`, []);
  return sent
    .filter(({ id }) => !arrived.has(id))
    .map(({ id }) => ({ check: 'a mail that was sent has arrived', subject: id, detail: 'it has not' }));
}

/** Each webhook that is said to be delivered has arrived at least once, under its one id. */
export async function webhookFindings(store: Store, webhooksDir: string): Promise<Finding[]> {
  const bodies = new Map<string, Set<string>>();
  for (const file of filesOf(webhooksDir, '.json')) {
    const { headers, body } = JSON.parse(readFileSync(file, 'utf8')) as {
      headers: Record<string, string>;
      body: string;
    };
    const id = headers['webhook-id'] ?? '';
    bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
  }
  const delivered = await store.lookUp<{ id: string }>(
    `select id from webhook_deliveries where status = 'SUCCESS'`,
    [],
  );
  return [
    ...delivered
      .filter(({ id }) => !bodies.has(id))
      .map(({ id }) => ({ check: 'a webhook that was delivered has arrived', subject: id, detail: 'it has not' })),
    ...[...bodies]
      .filter(([, texts]) => texts.size > 1)
      .map(([id, texts]) => ({
        check: 'a webhook says one thing',
        subject: id,
        detail: `${texts.size} different bodies`,
      })),
  ];
}

function filesOf(dir: string, ending: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .map((name) => join(dir, name));
}
