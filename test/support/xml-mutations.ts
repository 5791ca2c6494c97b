import { XmlDocument, XmlElement, XmlText } from 'libxml2-wasm';

/** A document as plain data, so that a thousand variants of it cost little. Names carry their prefix. */
export interface Tree {
  name: string;
  attributes: Record<string, string>;
  children: Tree[];
  text: string;
}

const NAMESPACES = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"';

export function readTree(xml: string): Tree {
  const document = XmlDocument.fromBuffer(Buffer.from(xml));
  try {
    return treeOf(document.root);
  } finally {
    document.dispose();
  }
}

function treeOf(element: XmlElement): Tree {
  const tree: Tree = { name: qualified(element), attributes: {}, children: [], text: '' };
  for (const attribute of element.attrs) {
    if (attribute.prefix === '') tree.attributes[attribute.name] = attribute.content;
  }
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) tree.children.push(treeOf(node));
    else if (node instanceof XmlText) tree.text += node.content;
  }
  if (tree.children.length > 0) tree.text = '';
  return tree;
}

const qualified = ({ prefix, name }: XmlElement) => (prefix === '' ? name : `${prefix}:${name}`);

export function writeTree(root: Tree): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${write(root, ` ${NAMESPACES}`)}`;
}

function write({ name, attributes, children, text }: Tree, namespaces = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value, /[&<"\r\n\t]/g)}"`);
  const content = escape(text, /[&<>\r]/g) + children.map((child) => write(child)).join('');
  return `<${name}${namespaces}${written.join('')}>${content}</${name}>`;
}

const escape = (text: string, special: RegExp) => text.replaceAll(special, (char) => `&#${char.codePointAt(0)};`);

interface Site {
  element: Tree;
  /** Absent for the root. */
  parent?: Tree;
  /** Names from the root, without positions. */
  path: string;
}

/** Every element, in document order. */
export function sitesOf(element: Tree, parent?: Tree, above = ''): Site[] {
  const path = `${above}/${element.name}`;
  const site: Site = { element, path, ...(parent === undefined ? {} : { parent }) };
  return [site, ...element.children.flatMap((child) => sitesOf(child, element, path))];
}

/** The same document with one of each repeated element: as many rules, half the work. */
export function withoutRepeats(tree: Tree): Tree {
  const children = tree.children.filter(
    ({ name }, index, all) => all.findIndex((other) => other.name === name) === index,
  );
  return { ...tree, children: children.map(withoutRepeats) };
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!;
}

const LENGTHS = [
  2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 20, 21, 25, 26, 30, 31, 40, 41, 48, 49, 50, 51, 64, 65, 100, 101, 300,
  301,
];

/** Values at and beside the limits of every kind of field. */
export const PROBES: readonly string[] = [
  '',
  'ñ'.repeat(300),
  'ñ'.repeat(301),
  ...LENGTHS.flatMap((length) => ['a'.repeat(length), 'A'.repeat(length), '1234567890'.repeat(31).slice(0, length)]),
  ...Array.from({ length: 23 }, (_, code) => String(code).padStart(2, '0')),
  ...Array.from({ length: 10 }, (_, digit) => String(digit)),
  ...' |  |a|A|ZZ|é|\u{1F600}|a b| a|a |a\nb|\n|a\rb|a\tb|&<>"\'|-'.split('|'),
  ...'0.0|0.00|0.5|.5|5.|+1.00|-0.01|-1|-0|1.5|1.75|10.5|99.9|99.99|100|100.00|100.5|999.99|999|9999|9999.9'.split('|'),
  ...'1.500000|1.5000000|0.000001|0.0000001|0.001|1e3|NaN|INF|1,5|1 5| 1.50 |0001.50|1.5000|0x1'.split('|'),
  ...'999999999999.99|9999999999999.99|-99999.99|99999999999999|999999999999.999999|9999999999999.999999'.split('|'),
  ...'01/01/2000|31/12/2099|29/02/2023|00/01/2020|32/01/2020|01/00/2020|01/13/2020|1/1/2020|01-01-2020'.split('|'),
  ...'2020-01-01|01/01/1999|01/01/2100| 01/01/2020|01/2020|12/2099|00/2020|13/2020|01/1999|1900|1899|1999|2000|2100'.split(
    '|',
  ),
  ...'001-001-000000001|001-001-00000001|001-001-0000000011|001001000000001|1-1-1|999-999-999999999|001-001-00000000A'.split(
    '|',
  ),
  ...'0990000000001|0990000000002|099000000001|a990000000001|9999999999999|0990000000001 '.split('|'),
  ...'SI|NO|si|SI |EXPORTADOR|Exportador|FOB|Fob|CONTRIBUYENTE RÉGIMEN RIMPE|CONTRIBUYENTE REGIMEN RIMPE'.split('|'),
  ...'comprobante|Comprobante|comprobante |1.0.0|#comprobante|a:b|QUJD|QUJ=|QUI|QU J D|urn:x y|%zz'.split('|'),
];

/** Changes of a value that is right as it stands. */
export const EDITS: Record<string, (value: string) => string> = {
  'first character off': (value) => value.slice(1),
  'last character off': (value) => value.slice(0, -1),
  'a zero more': (value) => `${value}0`,
  'a letter more': (value) => `${value}x`,
  'a digit turned letter': (value) => value.replace(/\d/, 'O'),
  'one decimal more': (value) => value.replace(/(\.\d+)$/, '$11'),
  'no decimals': (value) => value.replace(/\.\d+$/, ''),
  negative: (value) => `-${value}`,
  twice: (value) => value + value,
  'a line feed': (value) => `${value}\n${value}`,
  'in small letters': (value) => value.toLowerCase(),
};

/** Changes of the structure at a site. Each returns false where it does not apply. */
export const STRUCTURE: Record<string, (site: Site, random: Random) => boolean> = {
  delete: atSibling((siblings, index) => siblings.splice(index, 1)),
  'one more': repeat(1),
  'two more': repeat(2),
  'three more': repeat(3),
  'fourteen more': repeat(14),
  'fifteen more': repeat(15),
  'swap with the next': atSibling((siblings, index) =>
    siblings.splice(index, 2, ...siblings.slice(index, index + 2).toReversed()),
  ),
  'move elsewhere': atSibling((siblings, index, random) => {
    const [element] = siblings.splice(index, 1);
    siblings.splice(Math.floor(random() * (siblings.length + 1)), 0, element!);
  }),
  'take a sibling’s name': atSibling((siblings, index, random) => {
    siblings[index]!.name = pick(random, siblings).name;
  }),
  'take an unknown name': always(({ element }) => (element.name = 'desconocido')),
  'take the name in capitals': always(({ element }) => (element.name = element.name.toUpperCase())),
  'take a foreign namespace': always(({ element }) => (element.name = `xades:${element.name.replace(/^.*:/, '')}`)),
  'empty it': always(({ element }) => Object.assign(element, { text: '', children: [] })),
  'add text': always(({ element }) => (element.text += 'x')),
  'add white space': always(({ element }) => (element.text = ` ${element.text}\n`)),
  'add an unknown child': always(({ element }) =>
    element.children.push({ name: 'desconocido', attributes: {}, children: [], text: '' }),
  ),
  'add its twin as a child': always(({ element }) => element.children.push(structuredClone(element))),
  'add an attribute': always(({ element }) => (element.attributes['desconocido'] = '1')),
  'drop the first attribute': dropAttribute(0),
  'drop the last attribute': dropAttribute(-1),
};

function always(change: (site: Site) => unknown) {
  return (site: Site): boolean => {
    change(site);
    return true;
  };
}

function atSibling(change: (siblings: Tree[], index: number, random: Random) => unknown) {
  return ({ element, parent }: Site, random: Random): boolean => {
    if (parent === undefined) return false;
    change(parent.children, parent.children.indexOf(element), random);
    return true;
  };
}

function dropAttribute(index: number) {
  return ({ element: { attributes } }: Site): boolean => {
    const name = Object.keys(attributes).at(index);
    return name !== undefined && delete attributes[name];
  };
}

/** Only elements without children are limited to a number above one; more copies of the others would be work for nothing. */
function repeat(times: number) {
  const more = atSibling((siblings, index) =>
    siblings.splice(index, 0, ...Array.from({ length: times }, () => structuredClone(siblings[index]!))),
  );
  return (site: Site, random: Random): boolean =>
    (times === 1 || site.element.children.length === 0) && more(site, random);
}
