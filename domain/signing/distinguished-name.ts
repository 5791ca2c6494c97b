import { type Asn1Node, MalformedAsn1, derOf, oidOf, parts, textOf } from './asn1.ts';

/** One attribute of a name: its dotted identifier and its text, or the DER in hex where the value is no string. */
interface NameAttribute {
  oid: string;
  text?: string;
  der: string;
}

/** A name as the certificate has it: relative names from the country down, each of one or more attributes. */
export type DistinguishedName = NameAttribute[][];

/**
 * The keywords of RFC 2253 §2.3. Java's X500Principal, which SRI's validator uses, knows the mail address as
 * EMAILADDRESS and stumbles over E; everything else is written as a dotted identifier, which every parser takes.
 */
const KEYWORDS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.6': 'C',
  '2.5.4.9': 'STREET',
  '0.9.2342.19200300.100.1.25': 'DC',
  '0.9.2342.19200300.100.1.1': 'UID',
  '1.2.840.113549.1.9.1': 'EMAILADDRESS',
};

/** Reads an X.501 Name. */
export function readName(node: Asn1Node | undefined): DistinguishedName {
  return parts(node).map((relative) =>
    parts(relative).map((pair) => {
      const [type, value] = parts(pair);
      if (value === undefined) throw new MalformedAsn1('a name has an attribute without a value');
      const text = textOf(value);
      return { oid: oidOf(type), der: derOf(value).toString('hex'), ...(text !== undefined && { text }) };
    }),
  );
}

/** The name in RFC 2253 form: most specific first, the country last, special characters escaped. */
export function formatName(name: DistinguishedName): string {
  return name
    .toReversed()
    .map((relative) => relative.map(formatAttribute).join('+'))
    .join(',');
}

/** The text of the most specific attribute of that type. */
export function attributeText(name: DistinguishedName, oid: string): string | undefined {
  return name.flat().findLast((attribute) => attribute.oid === oid)?.text;
}

function formatAttribute({ oid, text, der }: NameAttribute): string {
  return `${KEYWORDS[oid] ?? oid}=${text === undefined ? `#${der}` : escapeValue(text)}`;
}

function escapeValue(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[,+"\\<>;]/g, '\\$&')
      .replace(/^[ #]| $/g, '\\$&')
      // Control characters may not stand in XML at all, and line ends would change on the way through a parser.
      // oxlint-disable-next-line no-control-regex
      .replace(/[\0-\x1f\x7f-\x9f\ufffe\uffff]/g, hexPairs)
  );
}

function hexPairs(character: string): string {
  return Buffer.from(character, 'utf8').toString('hex').toUpperCase().replace(/../g, '\\$&');
}
