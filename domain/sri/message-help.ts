import type { DocumentType } from '../model/document.ts';
import type { SriMessage } from './answers.ts';
import { explain, type Language, type Next } from './error-catalogue.ts';
import { fieldsOf } from './message-fields.ts';

/** What a caller can do about one message. */
export interface MessageHelp {
  cause: string;
  remedy: string;
  next: Next;
  /** Where in the JSON to look; empty where the message does not tell. */
  fields: string[];
}

/** Cause, remedy and place of what SRI said of such a document; nothing for numbers that its table does not list. */
export function helpFor(message: SriMessage, documentType: DocumentType, language: Language): MessageHelp | undefined {
  const explanation = explain(message.identifier, language);
  if (explanation === undefined) return undefined;
  const { cause, remedy, next } = explanation;
  return { cause, remedy, next, fields: fieldsOf(message, documentType) };
}

/** The messages with the help that there is for each. */
export function withHelp<Message extends SriMessage>(
  messages: readonly Message[],
  documentType: DocumentType,
  language: Language,
): (Message & { help?: MessageHelp })[] {
  return messages.map((message) => {
    const help = helpFor(message, documentType, language);
    return help === undefined ? message : { ...message, help };
  });
}
