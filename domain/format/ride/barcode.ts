import { toSVG } from 'bwip-js';
import { Markup } from '../html.ts';

/**
 * Code 128 of an access key: 49 digits make 321 modules, so the narrowest bar is 0.24 mm in the 78 mm that the page gives it
 * (`style.ts`), with more than ten modules of white on either side.
 */
export function barcode(accessKey: string): Markup {
  return new Markup(
    toSVG({ bcid: 'code128', text: accessKey, height: 12 }).replace('<svg ', '<svg preserveAspectRatio="none" '),
  );
}
