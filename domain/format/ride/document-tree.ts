import { ParseOption, XmlCData, XmlDocument, XmlElement, XmlText, type XmlTreeNode } from 'libxml2-wasm';

/** An element of a document; unlike the answers of SRI's services, documents keep names and values in attributes. */
export interface DocumentElement {
  /** Local name. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: DocumentElement[];
  /** All character data directly inside, text and CDATA joined. */
  text: string;
}

/**
 * The tree of a document.
 * @throws XmlParseError when it is not well-formed
 */
export function readDocumentTree(xml: string): DocumentElement {
  // The text is decoded already: libxml2 would believe the encoding and the version that the declaration names.
  const source = xml.trimStart().replace(/^<\?xml\s[^>]*\?>/, '');
  const document = XmlDocument.fromString(source, { option: ParseOption.XML_PARSE_NO_XXE });
  try {
    return elementOf(document.root);
  } finally {
    document.dispose();
  }
}

/** The first child of that name. */
export function child(parent: DocumentElement | undefined, name: string): DocumentElement | undefined {
  return parent?.children.find((element) => element.name === name);
}

/** All children of that name. */
export function childrenOf(parent: DocumentElement | undefined, name: string): DocumentElement[] {
  return parent?.children.filter((element) => element.name === name) ?? [];
}

function elementOf(node: XmlElement): DocumentElement {
  const element: DocumentElement = {
    name: node.name,
    attributes: Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])),
    children: [],
    text: '',
  };
  for (let next: XmlTreeNode | null = node.firstChild; next !== null; next = next.next) {
    if (next instanceof XmlElement) element.children.push(elementOf(next));
    else if (next instanceof XmlText || next instanceof XmlCData) element.text += next.content;
  }
  return element;
}
