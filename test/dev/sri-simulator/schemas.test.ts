import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { facturaProblem } from '../../../dev/sri-simulator/factura-structure.ts';
import { startSriSimulator } from '../../../dev/sri-simulator/index.ts';
import { openSchemas } from '../../../dev/sri-simulator/schema.ts';
import { parseXml } from '../../../dev/sri-simulator/xml.ts';
import { facturaOf, signed } from '../../domain/sri/signed-factura.ts';
import { signer, submit } from './use-simulator.ts';

const REFERENCE = resolve(import.meta.dirname, '../../../../shared/reference');

describe.skipIf(!existsSync(join(REFERENCE, 'xsd')))("SRI simulator: SRI's own schemas", () => {
  const schemaDir = join(REFERENCE, 'xsd');
  const samples = () =>
    globSync('samples/*actura*.xml', { cwd: REFERENCE }).map((file) => readFileSync(join(REFERENCE, file)));

  it('gives the same verdict on every sample factura as the structure it knows itself', () => {
    const schemas = openSchemas(schemaDir);
    try {
      const verdicts = samples().map((bytes) => {
        const text = bytes.toString().replace('version="version0"', 'version="2.1.0"');
        const root = parseXml(text);
        return {
          own: facturaProblem(root) === undefined,
          schema: schemas.problem(Buffer.from(text), root) === undefined,
        };
      });
      expect(verdicts.length).toBeGreaterThan(5);
      expect(verdicts.map(({ own }) => own)).toEqual(verdicts.map(({ schema }) => schema));
      expect(new Set(verdicts.map(({ schema }) => schema))).toEqual(new Set([true, false]));
    } finally {
      schemas.close();
    }
  });

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
