import { elementsOf } from './xml.ts';

type Shape = Pick<RegExp, 'test'>;

/** What an element may hold: text of a shape, child elements in order, or anything. */
export interface Part {
  name: string;
  min: number;
  max: number;
  text?: Shape;
  children?: Part[];
  attributes?: Record<string, Shape>;
}

/** One line of up to `max` characters; code points, as the schema counts them. */
export function line(max: number, min = 1): RegExp {
  return new RegExp(`^[^\\n]{${min},${max}}$`, 'u');
}

/** A decimal of so many significant digits, of which so many after the point; white space around it does not count. */
export function decimal(digits: number, fraction: number): Shape {
  return {
    test(text) {
      const match = /^\s*0*(\d*)(?:\.(\d*?)0*)?\s*$/.exec(text);
      if (match === null || !/\d/.test(text)) return false;
      const [, whole = '', part = ''] = match;
      return whole.length + part.length <= digits && part.length <= fraction;
    },
  };
}

/** A mandatory element. */
export function one(name: string, content: Shape | Part[]): Part {
  return { name, min: 1, max: 1, ...(Array.isArray(content) ? { children: content } : { text: content }) };
}

/** One that may be missing; without a content it is taken as it is. */
export function maybe(name: string, content?: Shape | Part[]): Part {
  return content === undefined ? { name, min: 0, max: 1 } : { ...one(name, content), min: 0 };
}

/** One that repeats. */
export function some(name: string, content: Shape | Part[], max = Number.POSITIVE_INFINITY): Part {
  return { ...one(name, content), max };
}

/** Where an element departs from its structure, for `informacionAdicional`; nothing when it does not. */
export function problemOf(element: Element, part: Part): string | undefined {
  const { localName: name } = element;
  // A signature is in its own namespace; all that SRI defines is in none.
  if (element.namespaceURI && part.name !== 'Signature') return `'${name}' está en otro espacio de nombres`;
  const { text, children, attributes = {} } = part;
  const [wrong] = Object.entries(attributes).filter(([key, shape]) => !shape.test(element.getAttribute(key) ?? ''));
  if (wrong !== undefined) return `el atributo '${wrong[0]}' de '${name}' no es válido`;
  if (text === undefined && children === undefined) return undefined;
  const unknown = attributesOf(element).find((key) => !Object.hasOwn(attributes, key));
  if (unknown !== undefined) return `no se esperaba el atributo '${unknown}' de '${name}'`;
  const elements = elementsOf(element);
  if (text !== undefined) {
    const valid = elements.length === 0 && text.test(element.textContent ?? '');
    return valid ? undefined : `el valor de '${name}' no es válido`;
  }
  return textOf(element).trim() === '' ? orderProblem(name, elements, children ?? []) : `'${name}' tiene texto suelto`;
}

function attributesOf({ attributes }: Element): string[] {
  return Array.from(attributes, ({ name }) => name).filter((name) => !name.startsWith('xmlns'));
}

/** Directly inside. */
function textOf(element: Element): string {
  let text = '';
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType !== 1 && node.nodeType !== 8) text += node.nodeValue ?? '';
  }
  return text;
}

function orderProblem(parent: string, elements: Element[], parts: Part[]): string | undefined {
  let next = 0;
  for (const part of parts) {
    let count = 0;
    for (; elements[next]?.localName === part.name && count < part.max; next++, count++) {
      const problem = problemOf(elements[next]!, part);
      if (problem !== undefined) return problem;
    }
    if (count < part.min)
      return `en '${parent}' se esperaba '${part.name}' y no '${elements[next]?.localName ?? 'el final'}'`;
  }
  const extra = elements[next];
  return extra === undefined ? undefined : `en '${parent}' no se esperaba '${extra.localName}'`;
}
