import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { documentTypes } from '../../../domain/format/document-types.ts';
import { type DocumentElement, readDocumentTree } from '../../../domain/format/ride/document-tree.ts';
import { COMPUTED, LEFT_OUT } from '../../support/field-coverage.ts';

const XSD = resolve(import.meta.dirname, '../../../../shared/reference/xsd');
const GOLDEN = resolve(import.meta.dirname, '../../golden');

const NS = 'http://www.w3.org/2001/XMLSchema';

/** Every path of elements, and of attributes with an @, that a schema allows. */
function pathsOf(file: string, root: string): Set<string> {
  const text = readFileSync(file, 'utf8').replace('version="1.1"', 'version="1.0"');
  const schema = new DOMParser().parseFromString(text, 'text/xml').documentElement;
  const top = (kind: string, name: string) =>
    elements(schema).find((element) => element.localName === kind && element.getAttribute('name') === name);
  const paths = new Set<string>();

  function element(node: Element, above: string): void {
    const ref = node.getAttribute('ref');
    if (ref !== null && ref !== '') {
      // A signature is what signing adds.
      if (ref.includes(':')) return;
      return element(top('element', ref)!, above);
    }
    const path = `${above}/${node.getAttribute('name')}`;
    paths.add(path);
    const inline = elements(node).find(({ localName }) => localName === 'complexType');
    const named = top('complexType', node.getAttribute('type') ?? '');
    const type = inline ?? named;
    if (type !== undefined) content(type, path);
  }

  function content(node: Element, path: string): void {
    for (const part of elements(node)) {
      if (part.localName === 'element') element(part, path);
      else if (part.localName === 'attribute') paths.add(`${path}/@${part.getAttribute('name')}`);
      else content(part, path);
    }
  }

  element(top('element', root)!, '');
  return paths;
}

function elements(parent: Element): Element[] {
  return Array.from(parent.childNodes).filter(
    (node): node is Element => node.nodeType === 1 && (node as Element).namespaceURI === NS,
  );
}

function usedBy(element: DocumentElement, above = ''): string[] {
  const path = `${above}/${element.name}`;
  const attributes = Object.keys(element.attributes).map((name) => `${path}/@${name}`);
  return [path, ...attributes, ...element.children.flatMap((child) => usedBy(child, path))];
}

describe.skipIf(!existsSync(XSD)).each(documentTypes.map(({ root }) => root))('each field of a %s', (root) => {
  const file = globSync('*.xsd', { cwd: XSD }).find((name) =>
    name.toLowerCase().startsWith(`${root.toLowerCase()}_v`),
  )!;
  const allowed = pathsOf(join(XSD, file), root);
  const used = new Set(
    globSync(`${root}/*.xml`, { cwd: GOLDEN }).flatMap((name) =>
      usedBy(readDocumentTree(readFileSync(join(GOLDEN, name), 'utf8'))),
    ),
  );
  const below = (path: string, above: string) => path === above || path.startsWith(`${above}/`);
  const reasonOf = (path: string) => LEFT_OUT.find(([above]) => below(path, above.replace('*', root)));

  it('is set or computed in a golden document, or left out with a reason', () => {
    expect(allowed.size).toBeGreaterThan(40);
    expect([...allowed].filter((path) => !used.has(path) && reasonOf(path) === undefined)).toEqual([]);
  });

  it('is one that SRI’s schema allows', () => {
    expect([...used].filter((path) => !allowed.has(path))).toEqual([]);
  });

  it('is not left out where it is set', () => {
    expect([...used].filter((path) => reasonOf(path) !== undefined)).toEqual([]);
  });

  it('is computed, where it is, in some golden document', () => {
    const computed = COMPUTED[root]!.map((path) => `/${root}${path}`);
    expect(computed.filter((path) => !used.has(path))).toEqual([]);
  });
});
