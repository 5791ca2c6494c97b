/** Markup that may go into a page as it stands: what this house or a library wrote, never what a document says. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

type Part = string | Markup | readonly Markup[] | undefined;

/** Template tag: what is written is markup, what is put in is text, and escaped, unless it is markup already. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(texts.map((text, index) => text + markupOf(parts[index])).join(''));
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  // Composed letters: an accent of its own may be in another subset of a font than its letter.
  if (typeof part === 'string')
    return part.normalize('NFC').replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
  return part instanceof Markup ? part.text : part.map(({ text }) => text).join('');
}
