/*
 * Writes XML that already is what inclusive Canonical XML 1.0 (W3C, 15 March 2001) makes of it: no declaration, no
 * white space between elements, attributes in order, every element with an end tag, characters escaped its way. So the
 * string can be hashed as it stands, and a signature goes in before the last end tag. Namespaces do not occur.
 */

/** Writes what `source` has for it; '' where it has nothing, for SRI's schemas refuse empty elements. */
export type Rule<Source> = (source: Source) => string;

/** Reads one text of `source`; absent and empty are the same. */
type Read<Source> = (source: Source) => string | undefined;

type Attributes<Source> = Readonly<Record<string, Read<Source>>>;

/** `<name>text</name>`, or nothing without a text. */
export function text<Source>(name: string, read: Read<Source>, attributes: Attributes<Source> = {}): Rule<Source> {
  const open = startTag(name, attributes);
  return (source) => {
    const value = read(source);
    return value ? `${open(source)}${escapeText(value)}</${name}>` : '';
  };
}

/** `<name>…</name>` with the children in this order, or nothing if none of them wrote. */
export function group<Source>(
  name: string,
  children: readonly Rule<Source>[],
  attributes: Attributes<Source> = {},
): Rule<Source> {
  const open = startTag(name, attributes);
  return (source) => {
    const inner = children.map((child) => child(source)).join('');
    return inner === '' ? '' : `${open(source)}${inner}</${name}>`;
  };
}

/** An element that says all in its attributes. */
export function bare<Source>(name: string, attributes: Attributes<Source>): Rule<Source> {
  const open = startTag(name, attributes);
  return (source) => `${open(source)}</${name}>`;
}

/** The rule once for each entry of a list. */
export function each<Source, Entry>(read: (source: Source) => readonly Entry[], rule: Rule<Entry>): Rule<Source> {
  return (source) => read(source).map(rule).join('');
}

function startTag<Source>(name: string, attributes: Attributes<Source>): Rule<Source> {
  const ordered = Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1));
  return (source) => {
    const written = ordered.map(([attribute, read]) => ` ${attribute}="${escapeAttribute(read(source) ?? '')}"`);
    return `<${name}${written.join('')}>`;
  };
}

const TEXT_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function escapeText(value: string): string {
  return value.replace(/[&<>\r]/g, (character) => TEXT_ESCAPES[character]!);
}

function escapeAttribute(value: string): string {
  return value.replace(/[&<"\t\n\r]/g, (character) => ATTRIBUTE_ESCAPES[character]!);
}
