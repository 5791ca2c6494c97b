/** The right side of our Message-IDs: the domain that mails come from. `from` is `Name <address>`. */
export function mailDomainOf(from: string): string {
  return /@([^>\s]+)/.exec(from)?.[1] ?? 'comprobante.invalid';
}

/** Every copy of a mail has this one, so that a repeated copy is known for the same mail. */
export function messageIdOf(mailId: string, domain: string): string {
  return `<${mailId}@${domain}>`;
}
