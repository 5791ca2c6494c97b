import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  child,
  childrenOf,
  decodeXml,
  readXmlTree,
  type XmlElement,
  XmlRefused,
} from '../../../domain/sri/xml-tree.ts';

const NAME = fc.constantFrom('a', 'mensaje', 'estado', 'ñandú', 'x-1', 'y.z', '_u');

/** Text that XML can hold. */
const TEXT = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('\r', '\n', '\t', ']', '>', '<', '&', ' ', '"', 'é', '💡'),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
  })
  .map((text) => text.replaceAll(/[^\t\n\r -\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ''));

type Node = { name: string; content: (string | Node)[] };
const { node: NODE } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.record({
    name: NAME,
    content: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.array(TEXT, { maxLength: 3 }),
      fc.array(fc.oneof(TEXT, tie('node')), { maxLength: 4 }),
    ),
  }),
}));

const asText = (text: string) =>
  text.replaceAll(/[&<>\r]/g, (character) => (character === '\r' ? '&#xD;' : `&#${character.charCodeAt(0)};`));
const asCdata = (text: string) =>
  `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>').replaceAll('\r', ']]>&#13;<![CDATA[')}]]>`;

function write({ name, content }: Node, turn: () => number): string {
  const inner = content.map((part) => {
    if (typeof part !== 'string') return write(part, turn);
    return [asText, asCdata, (text: string) => `<!-- -> -->${asText(text)}<?pi > ?>`][turn() % 3]!(part);
  });
  const open = ['', 'p:', 'ns2:'][turn() % 3]! + name;
  return `<${open} xmlns:p="urn:p" at='a > "b" &amp;'>${inner.join('')}</${open} >`;
}

function expected({ name, content }: Node): XmlElement {
  return {
    name,
    text: content.filter((part) => typeof part === 'string').join(''),
    children: content.filter((part) => typeof part !== 'string').map(expected),
  };
}

describe('readXmlTree', () => {
  it('reads back any tree, however its text is written', () => {
    fc.assert(
      fc.property(
        NODE,
        fc.infiniteStream(fc.nat(2)),
        fc.constantFrom('', '\uFEFF \n', '<?xml version="1.0"?>'),
        (node, turns, start) => {
          const xml = start + write(node, () => turns.next().value as number);
          expect(readXmlTree(xml)).toEqual(expected(node));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('makes one line feed of each line end, as XML has it', () => {
    expect(readXmlTree('<a>1\r\n2\r3<![CDATA[\r\n]]>&#13;</a>').text).toBe('1\n2\n3\n\r');
  });

  it('resolves references once, and none inside CDATA', () => {
    expect(readXmlTree('<a>&amp;lt; &#38;#60; <![CDATA[&lt;]]> &quot;&apos;&gt; &#x1F4A1;</a>').text).toBe(
      '&lt; &#60; &lt; "\'> 💡',
    );
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'hola'],
    ['an open element', '<a><b></b>'],
    ['a wrong end', '<a></b>'],
    ['two roots', '<a/><b/>'],
    ['text before the root', 'x<a/>'],
    ['text behind the root', '<a></a>x'],
    ['only a comment', '<!-- a -->'],
    ['an open comment', '<a><!-- </a>'],
    ['an open section', '<a><![CDATA[ </a>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['an unknown entity', '<a>&xxe;</a>'],
    ['a bare ampersand', '<a>a & b</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><a>&xxe;</a>'],
    ['a DOCTYPE behind a comment', '<!-- --><!DOCTYPE a><a/>'],
    ['a DOCTYPE inside', '<a><!DOCTYPE a></a>'],
    ['100 levels', '<a>'.repeat(100) + '</a>'.repeat(100)],
    ['10,000 levels', '<a>'.repeat(10_000) + '</a>'.repeat(10_000)],
    ['10,000 open levels', '<a>'.repeat(10_000)],
  ])('refuses %s without quoting it', (_, xml) => {
    expect(() => readXmlTree(xml)).toThrow(XmlRefused);
    expect(() => readXmlTree(xml)).not.toThrow(/passwd|hola/);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])('takes no harm from an element called %s', (name) => {
    const xml = `<a><${name}>1</${name}><b>2</b></a>`;
    try {
      expect(child(readXmlTree(xml), 'b')?.text).toBe('2');
    } catch (error) {
      expect(error).toBeInstanceOf(XmlRefused);
    }
    expect(({} as Record<string, unknown>)['#text']).toBeUndefined();
  });

  it('reads 64 levels', () => {
    let element: XmlElement | undefined = readXmlTree('<a>'.repeat(64) + '</a>'.repeat(64));
    let levels = 0;
    for (; element !== undefined; element = child(element, 'a')) levels++;
    expect(levels).toBe(64);
  });

  it('tells children from grandchildren of the same name', () => {
    const root = readXmlTree('<r><mensaje><mensaje>uno</mensaje></mensaje><mensaje/></r>');
    expect(childrenOf(root, 'mensaje')).toHaveLength(2);
    expect(child(child(root, 'mensaje'), 'mensaje')?.text).toBe('uno');
    expect(child(undefined, 'mensaje')).toBeUndefined();
    expect(childrenOf(undefined, 'mensaje')).toEqual([]);
  });
});

describe('decodeXml', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  const declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>PRODUCCIÓN ñ</a>';

  it.each<[string, Buffer, string | undefined, string]>([
    ['UTF-8 without a word', Buffer.from('<a>Ó€</a>'), undefined, '<a>Ó€</a>'],
    ['UTF-8 by HTTP', Buffer.from('<a>Ó€</a>'), 'text/xml; charset="utf-8"', '<a>Ó€</a>'],
    ['UTF-8 by mark', Buffer.from('\uFEFF<a>Ó</a>'), 'text/xml', '<a>Ó</a>'],
    ['UTF-16 by mark', Buffer.from('\uFEFF<a>Ó</a>', 'utf16le'), 'text/xml;charset=utf-8', '<a>Ó</a>'],
    ['ISO 8859-1 by HTTP', latin1('<a>Ó</a>'), 'text/xml;charset=ISO-8859-1', '<a>Ó</a>'],
    ['ISO 8859-1 by declaration', latin1(declared), 'text/xml', declared],
    ['ISO 8859-1 by declaration, called UTF-8 by HTTP', latin1(declared), 'text/xml;charset=UTF-8', declared],
    [
      'windows-1252 by HTTP',
      Buffer.from([0x3c, 0x61, 0x3e, 0x80, 0x3c, 0x2f, 0x61, 0x3e]),
      'text/xml;charset=windows-1252',
      '<a>€</a>',
    ],
    ['a charset nobody knows', Buffer.from('<a>Ó</a>'), 'text/xml;charset=klingon', '<a>Ó</a>'],
  ])('reads %s', (_, bytes, contentType, text) => {
    expect(decodeXml(bytes, contentType)).toEqual({ text, lossy: false });
  });

  it('keeps the control characters of ISO 8859-1 apart from the letters of windows-1252', () => {
    expect(decodeXml(Buffer.from([0x80, 0xd3]), 'text/xml;charset=latin1').text).toBe('\u0080Ó');
  });

  it('says so when the bytes are what nobody declared', () => {
    expect(decodeXml(latin1('<a>Ó</a>'), 'text/xml;charset=UTF-8')).toEqual({ text: '<a>\uFFFD</a>', lossy: true });
  });

  it('UTF-8 that is declared ISO 8859-1 is not read as ISO 8859-1', () => {
    const bytes = Buffer.from('<a>PRODUCCIÓN — Peña</a>');
    for (const charset of ['ISO-8859-1', 'windows-1252', 'iso-8859-15']) {
      expect(decodeXml(bytes, `text/xml;charset=${charset}`)).toEqual({ text: bytes.toString(), lossy: false });
    }
  });
});
