import fc from 'fast-check';
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { bare, each, group, text } from '../../../domain/format/canonical-xml.ts';

interface Thing {
  name?: string;
  rest?: string[];
}

const thing = group<Thing>(
  'thing',
  [
    text('name', ({ name }) => name),
    group('rest', [
      each(
        ({ rest }) => rest ?? [],
        text('entry', (entry) => entry),
      ),
    ]),
  ],
  { version: () => '1', id: () => 'a' },
);

/** What libxml2 makes of it by Canonical XML 1.0. */
function canonical(xml: string): string {
  using document = XmlDocument.fromString(xml);
  return document.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_1_0 });
}

describe('canonical XML', () => {
  it('has its attributes in order, end tags always and no space between elements', () => {
    expect(thing({ name: 'x', rest: ['1', '2'] })).toBe(
      '<thing id="a" version="1"><name>x</name><rest><entry>1</entry><entry>2</entry></rest></thing>',
    );
    expect(bare<string>('b', { z: (value) => value, a: () => '1' })('2')).toBe('<b a="1" z="2"></b>');
  });

  it('leaves out what is absent or empty, and what would hold nothing', () => {
    expect(thing({ name: '', rest: ['', ''] })).toBe('');
    expect(thing({ rest: ['', 'x'] })).toBe('<thing id="a" version="1"><rest><entry>x</entry></rest></thing>');
  });

  it('escapes as C14N does: in texts & < > and CR, in attributes & < " and white space', () => {
    const both = text<string>('t', (value) => value, { a: (value) => value });
    expect(both('&<>"\'\t\n\r')).toBe('<t a="&amp;&lt;>&quot;\'&#x9;&#xA;&#xD;">&amp;&lt;&gt;"\'\t\n&#xD;</t>');
  });

  it('is what libxml2 makes of it, whatever the characters', () => {
    const any = fc.string({
      minLength: 1,
      unit: fc.oneof(
        fc.constantFrom('&', '<', '>', '"', "'", ']]>', '&#xD;', '<!--', '\t', '\n', '\r', ' ', '\u0085', '\u00a0'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
    });
    const both = text<string>('t', (value) => value, { b: (value) => value, a: (value) => value });
    fc.assert(
      fc.property(any, (value) => {
        const xml = both(value);
        expect(canonical(xml)).toBe(xml);
      }),
      { numRuns: 500 },
    );
  });
});
