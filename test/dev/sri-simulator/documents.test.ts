import { describe, expect, it } from 'vitest';
import { createDemoAuthority } from '../../../dev/demo-authority.ts';
import { startSriSimulator } from '../../../dev/sri-simulator/index.ts';
import { openPkcs12 } from '../../../domain/signing/pkcs12.ts';
import { createSigner } from '../../../domain/signing/signer.ts';
import { signDocument } from '../../../domain/signing/xades.ts';
import { facturaOf, RUC, signed } from '../../domain/sri/signed-factura.ts';
import { query, signer, submit, useSimulator } from './use-simulator.ts';

const sri = useSimulator();

describe('SRI simulator: a document', () => {
  it('is taken, then authorized as the very text that was sent', async () => {
    const { accessKey, xml } = facturaOf({ description: 'raro ]]&gt; &#xD; 💡 &lt;b&gt; CRÈME' });
    const document = signed(xml, signer);
    expect(await sri.query(accessKey)).toEqual({ accessKey, authorizations: [] });
    expect(await sri.submit(document)).toEqual({ state: 'RECIBIDA', messages: [] });
    const { authorizations } = await sri.query(accessKey);
    expect(authorizations).toEqual([
      {
        state: 'AUTORIZADO',
        number: accessKey,
        date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}-05:00$/),
        environment: 'PRUEBAS',
        document: document.toString(),
        messages: [
          { identifier: '60', message: 'ESTE PROCESO FUE REALIZADO EN EL AMBIENTE DE PRUEBAS', type: 'ADVERTENCIA' },
        ],
      },
    ]);
    expect(await sri.tally(accessKey)).toEqual({
      accessKey,
      receptions: 1,
      acceptedReceptions: 1,
      state: 'AUTORIZADO',
    });
  });

  it('keeps carriage returns and the end of a CDATA section in the text it gives back', async () => {
    const { accessKey, xml } = facturaOf();
    const document = signed(xml, signer).toString().replace('?>\n', '?>\r\n<!-- ]]> -->\r\n');
    const { state, document: given } = await sri.decided(Buffer.from(document), accessKey);
    expect({ state, given }).toEqual({ state: 'AUTORIZADO', given: document });
  });

  it('of production is called that, without the warning of the test service', async () => {
    const { accessKey, xml } = facturaOf({ environment: 'production' });
    expect(await sri.decided(signed(xml, signer), accessKey)).toMatchObject({
      environment: 'PRODUCCIÓN',
      messages: [],
    });
  });

  it.each(['sha1', 'sha256'] as const)(
    "is authorized when the product's own signer signed it with %s",
    async (algorithm) => {
      const demo = createDemoAuthority();
      const p12 = openPkcs12(demo.issue({ ruc: RUC, commonName: 'Peña, María José', password: 'secreto' }), 'secreto');
      const own = await startSriSimulator({ trusted: [demo.certificatePem] });
      try {
        const { accessKey, xml } = facturaOf();
        const document = signDocument(createSigner(p12), { xml, algorithm, signingTime: new Date() });
        expect(await submit(own.url, document)).toEqual({ state: 'RECIBIDA', messages: [] });
        const { authorizations } = await query(own.url, accessKey);
        expect(authorizations).toMatchObject([{ state: 'AUTORIZADO', document: document.toString() }]);
      } finally {
        await own.stop();
      }
    },
  );

  it('is in process until it is decided, and until then its key is 70 and not 43', async () => {
    const slow = await startSriSimulator({ decisionDelayMs: 600_000 });
    try {
      const { accessKey, xml } = facturaOf();
      const document = signed(xml, signer);
      expect(await submit(slow.url, document)).toMatchObject({ state: 'RECIBIDA' });
      expect(await query(slow.url, accessKey)).toEqual({ accessKey, authorizations: [] });
      expect(await submit(slow.url, document)).toMatchObject({
        state: 'DEVUELTA',
        accessKey,
        messages: [{ identifier: '70' }],
      });
    } finally {
      await slow.stop();
    }
  });
});
