import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';

const RECENT = 50;

/** The newest mail in a mailbox folder that is what is looked for; only recent ones are. */
export async function findMail(dir: string, wanted: (mail: ParsedMail) => boolean): Promise<ParsedMail | undefined> {
  const names = readdirSync(dir).filter((name) => name.endsWith('.eml'));
  for (const name of names.toSorted().toReversed().slice(0, RECENT)) {
    const mail = await simpleParser(readFileSync(join(dir, name)));
    if (wanted(mail)) return mail;
  }
  return undefined;
}

export function isTo(mail: ParsedMail, address: string): boolean {
  return [mail.to ?? []].flat().some(({ value }) => value.some((recipient) => recipient.address === address));
}
