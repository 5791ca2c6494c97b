/** How the RIDEs of an issuer look; what they say is the document's alone. */
export interface RideLook {
  logo?: Logo;
  /** `#RRGGBB` of titles, rules and table heads; black where there is none. */
  color?: string;
}

export interface Logo {
  mediaType: string;
  image: Uint8Array;
}

/** The colours of a page, as CSS has them. */
export interface Accents {
  /** Of titles. */
  ink: string;
  /** Of lines and frames. */
  rule: string;
  /** Behind the heads of tables, and what is written there. */
  fill: string;
  onFill: string;
}

const BLACK = '#111';
const NO_COLOR: Accents = { ink: BLACK, rule: BLACK, fill: 'none', onFill: '#555' };

/** Of text, and of what else has to be seen, against what is behind it (WCAG 2.2, 1.4.3 and 1.4.11). */
const READABLE = 4.5;
const VISIBLE = 3;

/** What an issuer's colour is fit for: one that is too light for text or lines on white paper leaves them black. */
export function accentsOf(color: string | undefined): Accents {
  if (color === undefined) return NO_COLOR;
  const luminance = luminanceOf(color);
  const onWhite = contrast(1, luminance);
  return {
    ink: onWhite < READABLE ? BLACK : color,
    rule: onWhite < VISIBLE ? BLACK : color,
    fill: color,
    onFill: onWhite < contrast(luminance, 0) ? '#000' : '#fff',
  };
}

/** WCAG 2.2, "contrast ratio", of the luminances of the lighter and the darker colour. */
function contrast(lighter: number, darker: number): number {
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminanceOf(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
