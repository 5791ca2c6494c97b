import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Authorization, parseAuthorization, parseReception, settle } from '../../../domain/sri/answers.ts';
import { SriUnavailable } from '../../../domain/sri/unavailable.ts';

const SAMPLES = resolve(import.meta.dirname, '../../../../shared/reference/soap');
const KEY = '1211202601176001321000110010010000001011234567811';

function soap(body: string, { declaration = '' } = {}): Buffer {
  return Buffer.from(
    `${declaration}<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${body}</soap:Body></soap:Envelope>`,
  );
}

function reception(content: string): Buffer {
  return soap(
    `<ns2:validarComprobanteResponse xmlns:ns2="http://ec.gob.sri.ws.recepcion"><RespuestaRecepcionComprobante>${content}</RespuestaRecepcionComprobante></ns2:validarComprobanteResponse>`,
  );
}

function authorization(nodes: string, options?: { declaration?: string }): Buffer {
  return soap(
    `<ns2:autorizacionComprobanteResponse xmlns:ns2="http://ec.gob.sri.ws.autorizacion"><RespuestaAutorizacionComprobante><claveAccesoConsultada>${KEY}</claveAccesoConsultada><numeroComprobantes>1</numeroComprobantes><autorizaciones>${nodes}</autorizaciones></RespuestaAutorizacionComprobante></ns2:autorizacionComprobanteResponse>`,
    options,
  );
}

function node(comprobante: string, state = 'AUTORIZADO'): string {
  return `<autorizacion><estado>${state}</estado><numeroAutorizacion>${KEY}</numeroAutorizacion><fechaAutorizacion>2026-11-12T10:20:30-05:00</fechaAutorizacion><ambiente>PRODUCCIÓN</ambiente><comprobante>${comprobante}</comprobante><mensajes/></autorizacion>`;
}

/** Why there was no answer. */
function refusal(parse: () => unknown): SriUnavailable {
  try {
    parse();
  } catch (error) {
    if (error instanceof SriUnavailable) return error;
    throw error;
  }
  throw new Error('the answer was taken');
}

describe.skipIf(!existsSync(SAMPLES))("SRI's own answers", () => {
  const read = (name: string) => readFileSync(join(SAMPLES, name));
  const document = (name: string) => /<!\[CDATA\[([\s\S]*?)\]\]>/.exec(read(name).toString())![1];
  const messages = (identifier: string, message: string, additionalInfo?: unknown) => [
    { identifier, message, ...(additionalInfo !== undefined && { additionalInfo }), type: 'ERROR' },
  ];

  const EXPECTED: Record<string, () => unknown> = {
    'rec-recibida.xml': () => ({ state: 'RECIBIDA', messages: [] }),
    'rec-devuelta-35.xml': () => ({
      state: 'DEVUELTA',
      accessKey: KEY,
      messages: messages(
        '35',
        'ARCHIVO NO CUMPLE ESTRUCTURA XML',
        expect.stringContaining("Value '' with length = '0'"),
      ),
    }),
    'rec-devuelta-43.xml': () => ({
      state: 'DEVUELTA',
      accessKey: KEY,
      messages: messages('43', 'CLAVE ACCESO REGISTRADA'),
    }),
    'rec-devuelta-70.xml': () => ({
      state: 'DEVUELTA',
      accessKey: KEY,
      messages: messages('70', 'CLAVE DE ACCESO EN PROCESAMIENTO', expect.stringContaining('está en procesamiento')),
    }),
    'aut-empty-0.xml': () => ({ accessKey: KEY, authorizations: [] }),
    'aut-autorizado-cdata.xml': () => ({
      accessKey: KEY,
      authorizations: [
        {
          state: 'AUTORIZADO',
          number: KEY,
          date: '2026-11-12T10:20:30-05:00',
          environment: 'PRUEBAS',
          document: document('aut-autorizado-cdata.xml'),
          messages: [
            { identifier: '60', message: 'ESTE PROCESO FUE REALIZADO EN EL AMBIENTE DE PRUEBAS', type: 'ADVERTENCIA' },
          ],
        },
      ],
    }),
    'aut-no-autorizado-39.xml': () => ({
      accessKey: KEY,
      authorizations: [
        {
          state: 'NO AUTORIZADO',
          date: '2026-11-12T10:20:30-05:00',
          environment: 'PRUEBAS',
          document: document('aut-no-autorizado-39.xml'),
          messages: messages(
            '39',
            'FIRMA INVALIDA',
            'La firma es invalida [Firma inválida (firma y/o certificados alterados)]',
          ),
        },
      ],
    }),
  };

  it('are all in this table', () => {
    expect(readdirSync(SAMPLES).toSorted()).toEqual([...Object.keys(EXPECTED), 'fault-soap.xml'].toSorted());
  });

  it.each(Object.entries(EXPECTED))('%s', (name, expected) => {
    const parse = name.startsWith('rec') ? parseReception : parseAuthorization;
    expect(parse(read(name), 'text/xml;charset=UTF-8')).toEqual(expected());
  });

  it('fault-soap.xml', () => {
    for (const parse of [parseReception, parseAuthorization]) {
      expect(refusal(() => parse(read('fault-soap.xml')))).toMatchObject({
        kind: 'fault',
        detail: 'soap:Server',
        delivered: 'unknown',
      });
    }
  });
});

describe('an answer of reception', () => {
  it('tells a message from the text inside it that has the same name', () => {
    const answer = reception(
      `<estado>DEVUELTA</estado><comprobantes><comprobante><claveAcceso>${KEY}</claveAcceso><mensajes><mensaje><identificador>43</identificador><mensaje> CLAVE </mensaje><informacionAdicional/><tipo>ERROR</tipo></mensaje><mensaje><identificador>60</identificador><mensaje>OTRO</mensaje><tipo>ADVERTENCIA</tipo></mensaje></mensajes></comprobante></comprobantes>`,
    );
    expect(parseReception(answer)).toEqual({
      state: 'DEVUELTA',
      accessKey: KEY,
      messages: [
        { identifier: '43', message: 'CLAVE', type: 'ERROR' },
        { identifier: '60', message: 'OTRO', type: 'ADVERTENCIA' },
      ],
    });
  });

  it('may know neither key nor message', () => {
    expect(parseReception(reception('<estado> devuelta </estado><comprobantes/>'))).toEqual({
      state: 'DEVUELTA',
      messages: [],
    });
    expect(parseReception(reception('<estado>RECIBIDA</estado>'))).toEqual({ state: 'RECIBIDA', messages: [] });
  });

  it.each([
    ['no state', reception('<comprobantes/>')],
    ['an unknown state', reception('<estado>QUIZÁS</estado>')],
    ['the other service', authorization('')],
    ['no body', Buffer.from('<soap:Envelope xmlns:soap="x"/>')],
    ['HTML', Buffer.from('<html><body><p>Error</p></body></html>')],
    ['HTML that is no XML', Buffer.from('<!DOCTYPE html><html><body><br>Error')],
    ['nothing', Buffer.alloc(0)],
    ['an answer cut short', reception('<estado>RECIBIDA</estado>').subarray(0, -30)],
    ['a DOCTYPE', soap('', { declaration: '<!DOCTYPE a [<!ENTITY b "c">]>' })],
    ['10,000 levels', soap('<a>'.repeat(10_000) + '</a>'.repeat(10_000))],
    ['6 MB', reception(`<estado>RECIBIDA</estado>${' '.repeat(6 * 1024 * 1024)}`)],
  ])('that is %s is none', (_, bytes) => {
    expect(refusal(() => parseReception(bytes))).toMatchObject({ kind: 'unreadable', delivered: 'unknown' });
  });

  it.each([
    [
      'SOAP 1.1',
      '<s:Fault xmlns:s="x"><faultcode>soap:Server</faultcode><faultstring>JUAN PÉREZ</faultstring></s:Fault>',
      'soap:Server',
    ],
    ['SOAP 1.2', '<s:Fault xmlns:s="x"><s:Code><s:Value>env:Receiver</s:Value></s:Code></s:Fault>', 'env:Receiver'],
    ['no code', '<s:Fault xmlns:s="x"><faultcode>falló con JUAN PÉREZ</faultcode></s:Fault>', 'no code'],
  ])('that is a fault of %s gives its code and none of its text', (_, fault, detail) => {
    const error = refusal(() => parseReception(soap(fault)));
    expect(error).toMatchObject({ kind: 'fault', detail });
    expect(error.message).not.toContain('PÉREZ');
  });
});

describe('an answer of authorization', () => {
  const DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?>\n<factura>Peña &amp; "Ñ" ]]&gt; 💡 €<b>\t</b>\n</factura>\n';
  const escaped = DOCUMENT.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const numeric = DOCUMENT.replaceAll(/[&<>ñÑ€]|💡/gu, (character) => `&#x${character.codePointAt(0)!.toString(16)};`);
  const parsed = (bytes: Buffer, contentType?: string) => parseAuthorization(bytes, contentType).authorizations;

  it.each([
    ['CDATA', `<![CDATA[${DOCUMENT}]]>`],
    ['CDATA in pieces', `<![CDATA[${DOCUMENT.slice(0, 50)}]]><![CDATA[${DOCUMENT.slice(50)}]]>`],
    ['escaped text', escaped],
    ['numeric references', numeric],
    [
      'text and CDATA by turns',
      `&lt;<!-- --><![CDATA[${DOCUMENT.slice(1, 50)}]]>${DOCUMENT.slice(50).replaceAll('&', '&amp;').replaceAll('<', '&#60;')}`,
    ],
  ])('gives the document back as it was: %s', (_, comprobante) => {
    expect(parsed(authorization(node(comprobante)))).toMatchObject([
      { state: 'AUTORIZADO', document: DOCUMENT, environment: 'PRODUCCIÓN' },
    ]);
  });

  const LATIN = '<factura>Peña Ñandú</factura>';
  const latin1 = (xml: Buffer) => Buffer.from(xml.toString(), 'latin1');

  it.each<[string, Buffer, string | undefined]>([
    ['HTTP', latin1(authorization(node(`<![CDATA[${LATIN}]]>`))), 'text/xml;charset=ISO-8859-1'],
    [
      'XML',
      latin1(
        authorization(node(`<![CDATA[${LATIN}]]>`), { declaration: '<?xml version="1.0" encoding="ISO-8859-1"?>' }),
      ),
      undefined,
    ],
    [
      'XML, against HTTP',
      latin1(
        authorization(node(`<![CDATA[${LATIN}]]>`), { declaration: '<?xml version="1.0" encoding="ISO-8859-1"?>' }),
      ),
      'text/xml;charset=UTF-8',
    ],
    ['HTTP, and is UTF-8', authorization(node(`<![CDATA[${LATIN}]]>`)), 'text/xml;charset=ISO-8859-1'],
  ])('is read when ISO 8859-1 is declared by %s', (_, bytes, contentType) => {
    expect(parsed(bytes, contentType)).toMatchObject([{ document: LATIN, environment: 'PRODUCCIÓN' }]);
  });

  it('has no document when its exact text cannot be told', () => {
    for (const bytes of [
      latin1(authorization(node(`<![CDATA[${LATIN}]]>`))),
      authorization(node('<factura/>')),
      authorization(node('&#1;')),
      authorization(node('  ')),
      authorization(node('')),
    ]) {
      const [only] = parsed(bytes, 'text/xml;charset=UTF-8');
      expect(only).toMatchObject({ state: 'AUTORIZADO', number: KEY });
      expect(only).not.toHaveProperty('document');
    }
  });

  it('keeps a replacement character that SRI itself sent', () => {
    expect(parsed(authorization(node('<![CDATA[<a>\uFFFD</a>]]>')))).toMatchObject([{ document: '<a>\uFFFD</a>' }]);
  });

  it('holds any number of decisions, whatever numeroComprobantes says', () => {
    expect(parsed(authorization(''))).toEqual([]);
    expect(
      parsed(authorization(node('<![CDATA[<a/>]]>', 'NO_AUTORIZADO') + node('<![CDATA[<a/>]]>'))).map(
        ({ state }) => state,
      ),
    ).toEqual(['NO AUTORIZADO', 'AUTORIZADO']);
  });

  it('may say nothing at all', () => {
    const empty = soap('<n:autorizacionComprobanteResponse xmlns:n="x"/>');
    expect(parseAuthorization(empty)).toEqual({ authorizations: [] });
    expect(parsed(authorization('<autorizacion/>'))).toEqual([{ state: '', messages: [] }]);
  });
});

describe('settle', () => {
  const at = (state: string, date?: string): Authorization => ({
    state,
    messages: [],
    ...(date !== undefined && { date }),
  });
  const EARLY = '2026-11-12T10:20:30-05:00';
  const LATE = '2026-11-12T16:00:00Z';

  it.each<[string, Authorization[], string, number?]>([
    ['nothing', [], 'PENDING'],
    ['AUTORIZADO', [at('AUTORIZADO', EARLY)], 'AUTHORIZED', 0],
    ['NO AUTORIZADO', [at('NO AUTORIZADO', EARLY)], 'NOT_AUTHORIZED', 0],
    ['RECHAZADO', [at('RECHAZADO', EARLY)], 'NOT_AUTHORIZED', 0],
    ['EN PROCESO', [at('EN PROCESO')], 'PENDING'],
    ['PPR', [at('PPR', EARLY)], 'PENDING'],
    ['a state without a word', [at('')], 'PENDING'],
    ['AUTORIZADA, which is no word of SRI', [at('AUTORIZADA', EARLY)], 'PENDING'],
    ['a refusal before the authorization', [at('NO AUTORIZADO', EARLY), at('AUTORIZADO', LATE)], 'AUTHORIZED', 1],
    ['a refusal listed after the authorization', [at('AUTORIZADO', EARLY), at('NO AUTORIZADO', LATE)], 'AUTHORIZED', 0],
    ['two authorizations', [at('AUTORIZADO', LATE), at('AUTORIZADO', EARLY)], 'AUTHORIZED', 0],
    ['two refusals, the newer first', [at('NO AUTORIZADO', LATE), at('RECHAZADO', EARLY)], 'NOT_AUTHORIZED', 0],
    ['two refusals of one time', [at('NO AUTORIZADO', EARLY), at('NO AUTORIZADO', EARLY)], 'NOT_AUTHORIZED', 1],
    ['a refusal that is being reconsidered', [at('EN PROCESO'), at('NO AUTORIZADO', LATE)], 'PENDING'],
    ['a refusal after an earlier wait', [at('EN PROCESO', EARLY), at('NO AUTORIZADO', LATE)], 'NOT_AUTHORIZED', 1],
    ['dates of another country', [at('NO AUTORIZADO', '11/12/2026 10:20:30')], 'NOT_AUTHORIZED', 0],
  ])('%s', (_, authorizations, outcome, decisive) => {
    const settlement = settle({ authorizations });
    expect(settlement.outcome).toBe(outcome);
    expect(settlement.authorization).toBe(decisive === undefined ? undefined : authorizations[decisive]);
  });
});
