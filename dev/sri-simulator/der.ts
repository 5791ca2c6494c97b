/** One value of a DER structure. */
export interface Der {
  tag: number;
  content: Buffer;
}

export class BadDer extends Error {
  override readonly name = 'BadDer';
}

/** The values that stand one after the other in these bytes. @throws BadDer */
export function readDer(bytes: Buffer): Der[] {
  const values: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at]!;
    let length = bytes[at + 1] ?? 0xff;
    let start = at + 2;
    if (length > 0x84 || length === 0x80) throw new BadDer();
    if (length > 0x80) {
      const size = length - 0x80;
      if (start + size > bytes.length) throw new BadDer();
      length = bytes.readUIntBE(start, size);
      start += size;
    }
    if (start + length > bytes.length) throw new BadDer();
    values.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}

/** The values inside one. @throws BadDer */
export function inside({ content }: Der): Der[] {
  return readDer(content);
}

export const TAG = { BIT_STRING: 0x03, OCTET_STRING: 0x04, OID: 0x06, UTF8: 0x0c, BMP: 0x1e } as const;

/** An object identifier in dotted form. */
export function oidOf({ content }: Der): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = arc * 128n + BigInt(byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

/** The text of a string value, by its kind. */
export function stringOf({ tag, content }: Der): string {
  if (tag === TAG.UTF8) return content.toString('utf8');
  if (tag === TAG.BMP && content.length % 2 === 0) return Buffer.from(content).swap16().toString('utf16le');
  return content.toString('latin1');
}

/** Every text somewhere inside, also inside octet strings, and inside what is no DER at all. */
export function textsIn(bytes: Buffer): string[] {
  let values: Der[];
  try {
    values = readDer(bytes);
  } catch (error) {
    if (error instanceof BadDer) return [bytes.toString('latin1')];
    throw error;
  }
  return values.flatMap((value) => {
    const constructed = (value.tag & 0x20) !== 0;
    return constructed || value.tag === TAG.OCTET_STRING ? textsIn(value.content) : [stringOf(value)];
  });
}
