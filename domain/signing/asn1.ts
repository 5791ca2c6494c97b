import forge from 'node-forge';

/** A node of a parsed BER or DER structure; a primitive's value is a binary string, as node-forge keeps it. */
export type Asn1Node = forge.asn1.Asn1;

const { Class, Type } = forge.asn1;

declare module 'node-forge' {
  namespace asn1 {
    /** As node-forge itself documents it; its typings know `strict` alone. */
    function fromDer(
      bytes: util.ByteBuffer,
      options: { strict: boolean; parseAllBytes: boolean; decodeBitStrings: boolean },
    ): Asn1;
  }
}

/** Thrown for bytes that are not the structure they should be; callers turn it into a sentence for people. */
export class MalformedAsn1 extends Error {
  override readonly name = 'MalformedAsn1';
}

/**
 * Parses BER (indefinite lengths, chunked octet strings) or DER; bytes after the structure are ignored, as some
 * exporters pad their files, but a structure that ends too early is refused.
 * @throws MalformedAsn1
 */
export function parseAsn1(bytes: Uint8Array): Asn1Node {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    return forge.asn1.fromDer(forge.util.createBuffer(text, 'raw'), {
      strict: true,
      parseAllBytes: false,
      decodeBitStrings: false,
    });
  } catch {
    throw new MalformedAsn1('not an ASN.1 structure');
  }
}

/** The parts of a constructed node. */
export function parts(node: Asn1Node | undefined): Asn1Node[] {
  if (node === undefined || !Array.isArray(node.value)) throw new MalformedAsn1('a structure was expected');
  return node.value;
}

/** The bytes of a primitive node. */
export function bytesOf(node: Asn1Node | undefined): Buffer {
  if (node === undefined || typeof node.value !== 'string') throw new MalformedAsn1('a plain value was expected');
  return Buffer.from(node.value, 'latin1');
}

/** The bytes of an octet string, joined where BER has cut them into chunks. */
export function octetsOf(node: Asn1Node | undefined): Buffer {
  if (node !== undefined && Array.isArray(node.value)) return Buffer.concat(node.value.map(octetsOf));
  return bytesOf(node);
}

/** An object identifier in dotted form. */
export function oidOf(node: Asn1Node | undefined): string {
  if (node === undefined || !isUniversal(node, Type.OID)) throw new MalformedAsn1('an object identifier was expected');
  return forge.asn1.derToOid(forge.util.createBuffer(node.value as string, 'raw'));
}

/** An integer of any length, negative ones included. */
export function integerOf(node: Asn1Node | undefined): bigint {
  const bytes = bytesOf(node);
  if (bytes.length === 0) throw new MalformedAsn1('an integer was expected');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

function isUniversal(node: Asn1Node, type: forge.asn1.Type): boolean {
  return node.tagClass === Class.UNIVERSAL && node.type === type;
}

/** Whether the node carries the context-specific tag `[tag]`. */
export function isContext(node: Asn1Node, tag: number): boolean {
  return node.tagClass === Class.CONTEXT_SPECIFIC && (node.type as number) === tag;
}

/** The text of a string of any ASN.1 kind, or undefined when the node is no string. */
export function textOf(node: Asn1Node): string | undefined {
  if (node.tagClass !== Class.UNIVERSAL || typeof node.value !== 'string') return undefined;
  const bytes = bytesOf(node);
  switch (node.type as number) {
    case UTF8_STRING:
      return bytes.toString('utf8');
    case PRINTABLE_STRING:
    case IA5_STRING:
    case NUMERIC_STRING:
    case VISIBLE_STRING:
    case TELETEX_STRING:
      return bytes.toString('latin1');
    case BMP_STRING:
      return bytes.length % 2 === 0 ? Buffer.from(bytes).swap16().toString('utf16le') : undefined;
    case UNIVERSAL_STRING:
      return universalText(bytes);
    default:
      return undefined;
  }
}

const UTF8_STRING = 12;
const NUMERIC_STRING = 18;
const PRINTABLE_STRING = 19;
const TELETEX_STRING = 20;
const IA5_STRING = 22;
const VISIBLE_STRING = 26;
const UNIVERSAL_STRING = 28;
const BMP_STRING = 30;

function universalText(bytes: Buffer): string | undefined {
  let text = '';
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = bytes.readUInt32BE(at);
    if (point > 0x10ffff) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

/** The node's own DER, tag and length included. */
export function derOf(node: Asn1Node): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
}
