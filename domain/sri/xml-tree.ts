import { isAscii, isUtf8 } from 'node:buffer';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** Largest foreign XML that is read; SRI's largest answer holds one document of 320 kB (ficha técnica 2.34, size limits). */
export const MAX_XML_BYTES = 5 * 1024 * 1024;

/** An answer is about eight levels deep; the rest is room for fields SRI may add. */
const MAX_DEPTH = 64;

/** Foreign bytes that are not well-formed XML, or use what this service refuses. The message never quotes them. */
export class XmlRefused extends Error {
  override readonly name = 'XmlRefused';
}

export interface XmlElement {
  /** Local name: services are free to choose prefixes. */
  name: string;
  children: XmlElement[];
  /** All character data directly inside, text and CDATA joined, references resolved once, nothing trimmed. */
  text: string;
}

export interface DecodedText {
  text: string;
  /** The bytes are not what any declared charset allows; U+FFFD stands where they could not be read. */
  lossy: boolean;
}

const BYTE_ORDER_MARKS: readonly (readonly [label: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * Bytes to text by byte order mark, else HTTP charset, else XML declaration, else UTF-8 (the order of RFC 7303). A charset that
 * cannot be true of these bytes gives way to the next: SRI's servers have been seen to name one and send another.
 */
export function decodeXml(bytes: Uint8Array, contentType?: string): DecodedText {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
  const labels = [marked, httpCharset(contentType), declaredCharset(bytes), 'utf-8'].filter(
    (label) => label !== undefined,
  );
  for (const label of labels) {
    const text = decodeStrictly(bytes, label);
    if (text !== undefined) return { text, lossy: false };
  }
  return { text: new TextDecoder('utf-8').decode(bytes), lossy: true };
}

/**
 * The tree of a well-formed document.
 * @throws XmlRefused on anything not well-formed, a DOCTYPE, an unknown entity, too much depth
 */
export function readXmlTree(text: string): XmlElement {
  const source = text.trimStart();
  refuseDeclarations(source);
  let nodes: unknown;
  try {
    if (XMLValidator.validate(source) !== true) throw new XmlRefused('not well-formed');
    // The parser keeps references as they stand and CDATA apart, so that each is resolved exactly once, here.
    nodes = new XMLParser({
      preserveOrder: true,
      removeNSPrefix: true,
      cdataPropName: CDATA,
      processEntities: false,
      parseTagValue: false,
      trimValues: false,
      ignoreDeclaration: true,
      ignorePiTags: true,
      maxNestedTags: MAX_DEPTH,
    }).parse(source);
  } catch (error) {
    // The parser's own messages quote the input.
    throw error instanceof XmlRefused ? error : new XmlRefused('not well-formed');
  }
  const [root, ...more] = elementOf('', nodes).children;
  if (root === undefined || more.length > 0) throw new XmlRefused('not one root element');
  return root;
}

/** The first child of that name. */
export function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.find((element) => element.name === name);
}

/** All children of that name. */
export function childrenOf(parent: XmlElement | undefined, name: string): XmlElement[] {
  return parent?.children.filter((element) => element.name === name) ?? [];
}

/** Characters XML 1.0 cannot hold, lone surrogates included. */
export const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const CDATA = '#cdata';
const TEXT = '#text';

function elementOf(name: string, nodes: unknown): XmlElement {
  const element: XmlElement = { name, children: [], text: '' };
  if (!Array.isArray(nodes)) return element;
  for (const node of nodes as Record<string, unknown>[]) {
    for (const [key, value] of Object.entries(node)) {
      if (key === TEXT) element.text += resolveReferences(String(value));
      else if (key === CDATA) element.text += (value as { [TEXT]: string }[]).map((part) => part[TEXT]).join('');
      else if (key !== ':@') element.children.push(elementOf(key, value));
    }
  }
  return element;
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveReferences(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w+));|&/g,
    (_, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined && Object.hasOwn(PREDEFINED, name)) return PREDEFINED[name]!;
      const codePoint = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
      if (!(codePoint <= 0x10ffff)) throw new XmlRefused('unknown reference');
      return String.fromCodePoint(codePoint);
    },
  );
}

/** Of what begins with `<!`, only comments and CDATA may stand here; a DOCTYPE could define entities. */
function refuseDeclarations(source: string): void {
  let at = source.indexOf('<!');
  while (at !== -1) {
    const end = source.startsWith('<!--', at) ? '-->' : source.startsWith('<![CDATA[', at) ? ']]>' : undefined;
    if (end === undefined) throw new XmlRefused('a DOCTYPE is refused');
    const closed = source.indexOf(end, at + 4);
    if (closed === -1) throw new XmlRefused('not well-formed');
    at = source.indexOf('<!', closed + end.length);
  }
}

function httpCharset(contentType = ''): string | undefined {
  return /;\s*charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType)?.[1];
}

function declaredCharset(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
}

/** Alphabets of one byte a letter: every sequence of bytes is text in them, so they never say no by themselves. */
const SINGLE_BYTE = /^(?:iso-?8859|latin|windows-125|cp-?125)/i;

function decodeStrictly(bytes: Uint8Array, label: string): string | undefined {
  // Text in such an alphabet that has accents is hardly ever well-formed UTF-8; read as one, UTF-8 would be another document.
  if (SINGLE_BYTE.test(label) && isUtf8(bytes) && !isAscii(bytes)) return undefined;
  // TextDecoder reads this name as windows-1252, which differs from what an XML writer means by it in 0x80 to 0x9F.
  if (/^(iso-?8859-?1|latin-?1)$/i.test(label)) return Buffer.from(bytes).toString('latin1');
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
