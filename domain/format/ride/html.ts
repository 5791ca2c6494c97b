const SAFE: unique symbol = Symbol('html');

/** Markup that may go into a page as it is; only `html` and `markup` make it. */
export interface Html {
  readonly [SAFE]: string;
}

type Part = string | Html | readonly Html[] | undefined;

/** A template of markup in which every value that is not markup itself is escaped; `undefined` leaves nothing. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Html {
  return markup(texts.map((text, index) => text + render(values[index])).join(''));
}

/** Declares text to be markup: for what this folder or a library made, never for what a document says. */
export function markup(text: string): Html {
  return { [SAFE]: text };
}

export function textOfHtml(page: Html): string {
  return page[SAFE];
}

function render(value: Part): string {
  if (value === undefined) return '';
  // Composed letters: an accent of its own may be in another subset of the font than its letter.
  if (typeof value === 'string')
    return value.normalize('NFC').replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return SAFE in value ? value[SAFE] : value.map((part) => part[SAFE]).join('');
}
