import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSriSimulator } from '../../../dev/sri-simulator/index.ts';
import { openSchemas, type Schemas, VERSIONS } from '../../../dev/sri-simulator/schema.ts';
import { structureProblem } from '../../../dev/sri-simulator/structures.ts';
import { parseXml } from '../../../dev/sri-simulator/xml.ts';
import { facturaOf, signed } from '../../domain/sri/signed-factura.ts';
import {
  readTree,
  seeded,
  sitesOf,
  STRUCTURE,
  type Tree,
  withoutRepeats,
  writeTree,
} from '../../support/xml-mutations.ts';
import { signer, submit } from './use-simulator.ts';

const REFERENCE = resolve(import.meta.dirname, '../../../../shared/reference');
const SAMPLES = globSync('samples/*.xml', { cwd: REFERENCE });
const SEED = 20_261_125;

/** Of these the simulator knows the name and not the content. */
const RARE =
  /\/(compensaciones|maquinaFiscal|ds:Signature|factura\/(reembolsos|retenciones|infoSustitutivaGuiaRemision|otrosRubrosTerceros|tipoNegociable))(\/|$)/;

describe.skipIf(!existsSync(join(REFERENCE, 'xsd')))("SRI simulator: SRI's own schemas", () => {
  const schemaDir = join(REFERENCE, 'xsd');
  let schemas: Schemas;

  beforeAll(() => {
    schemas = openSchemas(schemaDir);
  });
  afterAll(() => schemas.close());

  /** What the simulator's own structure says, and what SRI's schema says. */
  function verdictsOn(tree: Tree): { own: string | undefined; schema: string | undefined } {
    const xml = writeTree(tree);
    const root = parseXml(xml);
    return { own: structureProblem(root), schema: schemas.problem(Buffer.from(xml), root) };
  }

  function sample(file: string): Tree {
    const tree = readTree(readFileSync(join(REFERENCE, file), 'utf8'));
    tree.attributes['version'] = VERSIONS[tree.name]!.at(-1)!;
    return tree;
  }

  it('give the same verdict on every sample as the structure that the simulator knows itself', () => {
    const verdicts = SAMPLES.map((file) => ({ file, ...verdictsOn(sample(file)) }));
    expect(verdicts.length).toBeGreaterThan(10);
    expect(verdicts.filter(({ own, schema }) => (own === undefined) !== (schema === undefined))).toEqual([]);
    expect(new Set(verdicts.map(({ schema }) => schema === undefined))).toEqual(new Set([true, false]));
  });

  it.each(SAMPLES.filter((file) => file.includes('official-instance')).map((file) => basename(file, '.xml')))(
    'give the same verdict when any element of %s is changed',
    (name) => {
      const base = withoutRepeats(sample(`samples/${name}.xml`));
      const random = seeded(SEED);
      expect(verdictsOn(base)).toEqual({ own: undefined, schema: undefined });
      let refused = 0;
      for (const [at, { path }] of sitesOf(base).entries()) {
        // What the root is called, its id and its version are looked at before.
        if (at === 0 || RARE.test(path)) continue;
        for (const [kind, change] of Object.entries(STRUCTURE)) {
          const tree = structuredClone(base);
          if (!change(sitesOf(tree)[at]!, random)) continue;
          const { own, schema } = verdictsOn(tree);
          if (schema !== undefined) refused += 1;
          expect({ change: `${kind}: ${path}`, refused: own !== undefined }).toEqual({
            change: `${kind}: ${path}`,
            refused: schema !== undefined,
          });
        }
      }
      expect(refused).toBeGreaterThan(50);
    },
  );

  it('takes what is in order and names what is not', async () => {
    const own = await startSriSimulator({ schemaDir });
    try {
      const { xml } = facturaOf();
      expect(await submit(own.url, signed(xml, signer))).toEqual({ state: 'RECIBIDA', messages: [] });
      const { messages } = await submit(own.url, signed(facturaOf().xml.replace('Quito', ''), signer));
      expect(messages).toMatchObject([
        { identifier: '35', additionalInfo: expect.stringContaining('dirMatriz') as string },
      ]);
    } finally {
      await own.stop();
    }
  });
});
