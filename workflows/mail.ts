import { mail } from './proxies.ts';

/** Sends one mail that belongs to no document. */
export async function mailWorkflow(mailId: string): Promise<void> {
  await mail.sendMail(mailId);
}
