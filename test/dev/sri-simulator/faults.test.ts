import { describe, expect, it } from 'vitest';
import { parseAuthorization } from '../../../domain/sri/answers.ts';
import { facturaOf, signed } from '../../domain/sri/signed-factura.ts';
import { autorizacion, signer, useSimulator, validar } from './use-simulator.ts';

const sri = useSimulator();

describe('SRI simulator: faults', () => {
  const send = async () => {
    const { accessKey, xml } = facturaOf();
    return { accessKey, response: await sri.call('reception', validar(signed(xml, signer))) };
  };
  const DOCUMENT = facturaOf();

  it.each(['down', 'drop-before'])('%s: the connection ends and nothing was received', async (name) => {
    await sri.fault({ service: 'any', fault: name });
    const { accessKey, xml } = facturaOf();
    await expect(sri.call('reception', validar(xml))).rejects.toThrow('fetch failed');
    await expect(sri.query(accessKey)).rejects.toThrow('fetch failed');
    expect(await sri.tally(accessKey)).toMatchObject({ receptions: 0, state: 'NONE' });
  });

  it('drop-after-accepting: the document is stored and the answer lost', async () => {
    await sri.fault({ service: 'reception', fault: 'drop-after-accepting', times: 1 });
    const { accessKey, xml } = facturaOf();
    const document = signed(xml, signer);
    await expect(sri.call('reception', validar(document))).rejects.toThrow('fetch failed');
    expect(await sri.tally(accessKey)).toMatchObject({ receptions: 1, acceptedReceptions: 1 });
    expect(await sri.submit(document)).toMatchObject({ messages: [{ identifier: '43' }] });
  });

  it('cut-mid-answer: the answer ends halfway', async () => {
    await sri.fault({ service: 'reception', fault: 'cut-mid-answer', times: 1 });
    const { accessKey, response } = await send();
    await expect(response.text()).rejects.toThrow();
    expect(await sri.tally(accessKey)).toMatchObject({ acceptedReceptions: 1 });
  });

  it.each([
    ['http-500-html', 500, 'text/html', '<html>'],
    ['http-503', 503, 'text/html', '<html>'],
    ['soap-fault', 500, 'text/xml', '<faultcode>soap:Server</faultcode>'],
    ['empty-answer', 200, 'text/xml', ''],
    ['garbage', 200, 'text/xml', '<&<'],
  ])('%s: that is the answer, and nothing is stored', async (name, status, type, text) => {
    await sri.fault({ service: 'any', fault: name, times: 1 });
    const { accessKey, response } = await send();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain(type);
    expect(await response.text()).toContain(text);
    expect(await sri.tally(accessKey)).toMatchObject({ receptions: 1, acceptedReceptions: 0, state: 'NONE' });
  });

  it('hang: no answer comes', async () => {
    await sri.fault({ service: 'authorization', fault: 'hang', times: 1 });
    const hanging = sri.call('authorization', autorizacion(DOCUMENT.accessKey), AbortSignal.timeout(200));
    await expect(hanging).rejects.toThrow(/timeout/i);
    expect(await sri.query(DOCUMENT.accessKey)).toMatchObject({ authorizations: [] });
  });

  it('slow: the answer comes, late', async () => {
    await sri.fault({ service: 'reception', fault: 'slow', ms: 50, times: 1 });
    const { response } = await send();
    expect(await response.text()).toContain('RECIBIDA');
  });

  it.each(['43', '45', '50', '70', '35'])('code %s: reception returns it and stores nothing', async (code) => {
    await sri.fault({ service: 'reception', fault: 'code', code, times: 1 });
    const { accessKey, xml } = facturaOf();
    expect(await sri.submit(signed(xml, signer))).toMatchObject({
      state: 'DEVUELTA',
      accessKey,
      messages: [{ identifier: code }],
    });
    expect(await sri.tally(accessKey)).toMatchObject({ acceptedReceptions: 0 });
  });

  it('iso-8859-1 and escaped: the same text in another dress', async () => {
    const { accessKey, xml } = facturaOf({ description: '€ – ñ ]]&gt; 💡' });
    const document = signed(xml, signer);
    await sri.submit(document);
    await sri.fault({ service: 'authorization', fault: 'iso-8859-1', times: 1 });
    const response = await sri.call('authorization', autorizacion(accessKey));
    expect(response.headers.get('content-type')).toBe('text/xml;charset=ISO-8859-1');
    const bytes = await response.bytes();
    expect(Buffer.from(bytes).toString('latin1')).toContain('Peña e Hijos');
    expect(parseAuthorization(bytes, 'text/xml').authorizations).toMatchObject([{ document: document.toString() }]);

    await sri.fault({ service: 'authorization', fault: 'escaped', times: 1 });
    const escaped = await (await sri.call('authorization', autorizacion(accessKey))).text();
    expect(escaped).not.toContain('CDATA');
    expect(parseAuthorization(Buffer.from(escaped)).authorizations).toMatchObject([{ document: document.toString() }]);
  });

  it('not-authorized and rechazado: SRI decides so, once, and takes the document again', async () => {
    await sri.fault({ service: 'authorization', fault: 'not-authorized', code: '56', times: 1 });
    await sri.fault({ service: 'authorization', fault: 'rechazado', times: 1 });
    const { accessKey, xml } = facturaOf();
    const document = signed(xml, signer);
    const refused = { state: 'NO AUTORIZADO', messages: [{ identifier: '56' }] };
    expect(await sri.decided(document, accessKey)).toMatchObject(refused);
    expect((await sri.query(accessKey)).authorizations).toMatchObject([refused]);
    expect(await sri.tally(accessKey)).toMatchObject({ state: 'NO AUTORIZADO' });
    expect(await sri.decided(document, accessKey)).toMatchObject({
      state: 'RECHAZADO',
      messages: [{ identifier: '52' }],
    });
    expect(await sri.tally(accessKey)).toMatchObject({ state: 'NO AUTORIZADO' });
    expect(await sri.decided(document, accessKey)).toMatchObject({ state: 'AUTORIZADO' });
  });

  it('never-decides: the document stays in process', async () => {
    await sri.fault({ service: 'authorization', fault: 'never-decides', times: 2 });
    const { accessKey, xml } = facturaOf();
    await sri.submit(signed(xml, signer));
    for (const _ of [1, 2]) expect(await sri.query(accessKey)).toEqual({ accessKey, authorizations: [] });
    expect((await sri.query(accessKey)).authorizations).toHaveLength(1);
  });

  it('several: an old refusal stands beside the authorization', async () => {
    await sri.fault({ service: 'authorization', fault: 'several' });
    const { accessKey, xml } = facturaOf();
    await sri.submit(signed(xml, signer));
    const { authorizations } = await sri.query(accessKey);
    expect(authorizations.map(({ state }) => state)).toEqual(['NO AUTORIZADO', 'AUTORIZADO']);
    expect(authorizations[0]!.date! < authorizations[1]!.date!).toBe(true);
  });

  it('strikes the service, the key and the number of calls it names, oldest first', async () => {
    const [one, other] = [facturaOf(), facturaOf()];
    await sri.fault({ service: 'reception', fault: 'code', code: '50', accessKey: one.accessKey, times: 2 });
    await sri.fault({ service: 'reception', fault: 'code', code: '70', times: 1, accessKey: one.accessKey });
    expect(await sri.query(one.accessKey)).toMatchObject({ authorizations: [] });
    expect(await sri.submit(signed(other.xml, signer))).toMatchObject({ state: 'RECIBIDA' });
    const seen = [];
    for (let call_ = 0; call_ < 4; call_++)
      seen.push((await sri.submit(signed(one.xml, signer))).messages[0]?.identifier);
    expect(seen).toEqual(['50', '50', '70', undefined]);
    expect((await sri.control('GET', '/faults')).body).toEqual({ faults: [] });
  });

  it('ends after forMs, or when it is deleted', async () => {
    await sri.fault({ service: 'any', fault: 'http-503', forMs: 1 });
    await sri.fault({ service: 'any', fault: 'http-500-html', forMs: 600_000 });
    await new Promise((done) => setTimeout(done, 10));
    expect((await sri.control('GET', '/faults')).body).toMatchObject({ faults: [{ fault: 'http-500-html' }] });
    expect((await sri.call('authorization', autorizacion(DOCUMENT.accessKey))).status).toBe(500);
    expect((await sri.control('DELETE', '/faults')).status).toBe(204);
    expect((await sri.call('authorization', autorizacion(DOCUMENT.accessKey))).status).toBe(200);
  });
});
