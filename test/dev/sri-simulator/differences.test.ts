import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { difference } from '../../../dev/sri-simulator/differences.ts';
import { parseXml } from '../../../dev/sri-simulator/xml.ts';

const GOLDEN = resolve(import.meta.dirname, '../../golden');

/** Amounts that SRI computes again; the first of each in a document. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  factura: ['totalSinImpuestos', 'importeTotal'],
  liquidacionCompra: ['totalSinImpuestos', 'importeTotal'],
  notaCredito: ['totalSinImpuestos', 'valorModificacion'],
  notaDebito: ['totalSinImpuestos', 'valorTotal'],
  guiaRemision: [],
  comprobanteRetencion: ['importeTotal', 'valorRetenido'],
};

describe.each(globSync('*/*.xml', { cwd: GOLDEN }).toSorted())('SRI simulator: the sums of %s', (file) => {
  const xml = readFileSync(join(GOLDEN, file), 'utf8');
  const root = parseXml(xml);

  it('come out', () => {
    expect(difference(root)).toBeUndefined();
  });

  it.each(COMPUTED[root.localName]!)('do not when %s is two cents off', (name) => {
    const changed = xml.replace(new RegExp(`<${name}>(\\d+)\\.(\\d\\d)<`), (_, units: string, cents: string) => {
      const total = String(Number(units + cents) + 2).padStart(3, '0');
      return `<${name}>${total.slice(0, -2)}.${total.slice(-2)}<`;
    });
    expect(changed).not.toBe(xml);
    expect(difference(parseXml(changed))).toContain(name);
  });
});
