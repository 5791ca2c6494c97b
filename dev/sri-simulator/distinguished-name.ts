import { BadDer, type Der, inside, oidOf, readDer, stringOf } from './der.ts';

/** A name as a list of parts in the order of RFC 2253, most specific first; each part is its attributes, `oid=value`. */
export type Name = string[];

/**
 * Words for attribute types that Java's X500Principal reads, which is what stands behind SRI. Others must be written as
 * object identifiers: `E=` is no word of it.
 */
const WORDS: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  SURNAME: '2.5.4.4',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  S: '2.5.4.8',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  T: '2.5.4.12',
  GIVENNAME: '2.5.4.42',
  INITIALS: '2.5.4.43',
  GENERATION: '2.5.4.44',
  DNQ: '2.5.4.46',
  DNQUALIFIER: '2.5.4.46',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
  EMAILADDRESS: '1.2.840.113549.1.9.1',
};

/** Reads a Name of X.509, whose order is the other way round. */
export function nameOfDer(name: Der): Name {
  return inside(name)
    .map((part) =>
      inside(part).map((attribute) => {
        const [type, value] = inside(attribute);
        return type === undefined || value === undefined ? '' : attributeText(oidOf(type), stringOf(value));
      }),
    )
    .map(partText)
    .toReversed();
}

/** Reads a name as RFC 2253 writes it; nothing when it cannot be read. */
export function nameOfText(text: string): Name | undefined {
  const parts = splitUnescaped(text, ',;').map((part) => splitUnescaped(part, '+').map(attributeOf));
  return parts.every((part) => part.every((attribute) => attribute !== undefined))
    ? parts.map((part) => partText(part as string[]))
    : undefined;
}

function attributeOf(text: string): string | undefined {
  const match = /^\s*(?:OID\.)?([A-Za-z]+|\d+(?:\.\d+)+)\s*=([\s\S]*)$/i.exec(text);
  if (match === null) return undefined;
  const [, type = '', value = ''] = match;
  const oid = type.includes('.') ? type : WORDS[type.toUpperCase()];
  const plain = valueOf(value.trimStart().replace(/(?<!\\)\s+$/, ''));
  return oid === undefined || plain === undefined ? undefined : attributeText(oid, plain);
}

/** `#` and hex digits are DER; a backslash keeps the next character or, before two hex digits, makes a byte. */
function valueOf(value: string): string | undefined {
  if (value.startsWith('#')) return textOfHex(value.slice(1));
  const quoted = /^"([\s\S]*)"$/.exec(value)?.[1];
  const bytes = (quoted ?? value).split(/(\\[\da-f]{2}|\\[\s\S])/i).map((piece) => {
    if (!piece.startsWith('\\')) return Buffer.from(piece);
    return piece.length === 3 ? Buffer.from(piece.slice(1), 'hex') : Buffer.from(piece.slice(1));
  });
  return Buffer.concat(bytes).toString();
}

function textOfHex(hex: string): string | undefined {
  try {
    const [string] = readDer(Buffer.from(hex, 'hex'));
    return string === undefined ? undefined : stringOf(string);
  } catch (error) {
    if (error instanceof BadDer) return undefined;
    throw error;
  }
}

/** Case and white space do not count in a comparison (RFC 4518). */
function attributeText(oid: string, value: string): string {
  return `${oid}=${value.trim().replaceAll(/\s+/g, ' ').toLowerCase()}`;
}

function partText(attributes: string[]): string {
  return attributes.toSorted().join('+');
}

function splitUnescaped(text: string, separators: string): string[] {
  const parts = [''];
  let quoted = false;
  for (const piece of text.match(/\\[\s\S]|[\s\S]/g) ?? []) {
    if (piece === '"') quoted = !quoted;
    if (!quoted && separators.includes(piece)) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}
