import { DOMParser } from '@xmldom/xmldom';

/** Bytes that are not XML, or XML that this program does not take. */
export class BadXml extends Error {
  override readonly name = 'BadXml';
}

/** What may stand before the root element, up to a DOCTYPE; anywhere else it would not be well-formed. */
export const DOCTYPE = /^\uFEFF?(?:\s|<\?(?:(?!\?>)[\s\S])*\?>|<!--(?:(?!-->)[\s\S])*-->)*<!DOCTYPE/i;

/**
 * The root element of a document.
 * @throws BadXml when it is not well-formed or has a DOCTYPE, which is refused before anything is parsed
 */
export function parseXml(text: string): Element {
  if (DOCTYPE.test(text)) throw new BadXml('DOCTYPE is disallowed');
  const refuse = (problem: unknown) => {
    throw new BadXml(String(problem).split('\n')[0]);
  };
  const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
  const document: Document | undefined = parser.parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml');
  if (!document?.documentElement || document.doctype !== null) throw new BadXml('no root element');
  return document.documentElement;
}

/** Child elements, of one local name where it is given. */
export function elementsOf(parent: Element | undefined, name?: string): Element[] {
  const elements: Element[] = [];
  for (let node = parent?.firstChild ?? null; node !== null; node = node.nextSibling) {
    if (node.nodeType === 1 && (name === undefined || (node as Element).localName === name))
      elements.push(node as Element);
  }
  return elements;
}

/** The element at a path of local names such as `infoTributaria/ruc`: the first of each. */
export function elementAt(parent: Element | undefined, path: string): Element | undefined {
  let element = parent;
  for (const name of path.split('/')) element = elementsOf(element, name)[0];
  return element;
}

/** Text at a path, empty when there is no such element. */
export function textAt(parent: Element | undefined, path: string): string {
  return elementAt(parent, path)?.textContent ?? '';
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** Character data that reads back as exactly `text`. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>\r]/g, (character) => ESCAPES[character] ?? character);
}

/** CDATA that reads back as exactly `text`: a section cannot hold its own end, nor keep a carriage return. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>').replaceAll('\r', outsideCdata('&#13;'))}]]>`;
}

/** Text for the middle of a CDATA section that must not be inside it. */
export function outsideCdata(text: string): string {
  return `]]>${text}<![CDATA[`;
}
