import { randomUUID } from 'node:crypto';
import { routes } from '../../api/routes.ts';
import { GIF, JPEG, png } from '../../test/support/pictures.ts';
import { mutated } from './mutate.ts';
import { mutatedJson } from './mutate-json.ts';
import type { Random } from './random.ts';
import { goldenBodies } from './samples.ts';
import { FORM, HEAD, JSON_TEXT } from './vocabularies.ts';

/** Who calls. */
export interface Caller {
  apiKey: string;
  issuerId: string;
}

/** A request to be sent: whole, or as a head that a client writes and a body. */
export type FuzzedRequest =
  | { raw: Buffer }
  | { method: string; path: string; headers: Record<string, string>; body: Buffer };

type Maker = (random: Random, caller: Caller) => FuzzedRequest;

/** Ids of nothing: the body is read all the same, and nothing comes of it. */
const NOBODY = randomUUID();
const NO_DOCUMENT = '0'.repeat(49);

/** Operations whose JSON is tried; they make nothing, or nothing that grows. */
const HARMLESS = new Set([
  'changeNotificationPreferences',
  'changeWebhook',
  'consumeVerificationToken',
  'enableIssuerDocumentType',
  'raiseIssuerSequential',
  'rebuildDocument',
  'replayWebhookWindow',
  'resendVerification',
  'setLanguage',
  'updateIssuer',
]);

interface JsonSample {
  method: string;
  path: string;
  body: object;
}

/** Half of all are documents of the six types, as dry runs; they are read as what makes a document is. */
const DOCUMENTS: readonly JsonSample[] = goldenBodies().map((body) => ({
  method: 'POST',
  path: '/v1/documents/validate',
  body,
}));
const OTHERS: readonly JsonSample[] = routes.flatMap(({ operationId, method, path, body }) => {
  if (!HARMLESS.has(operationId) || body === undefined || !('json' in body)) return [];
  const named = path.replace(':accessKey', NO_DOCUMENT).replace(':documentType', '01').replace(/:\w+/, NOBODY);
  return [{ method: method.toUpperCase(), path: named, body: body.example as object }];
});

const bodiesAsBytes = [...DOCUMENTS, ...OTHERS].map(({ body }) => Buffer.from(JSON.stringify(body)));

function jsonRequest(random: Random, caller: Caller): FuzzedRequest {
  const { method, path, body } = random.pick(random.below(2) === 0 ? DOCUMENTS : OTHERS);
  const bytes =
    random.below(2) === 0
      ? Buffer.from(JSON.stringify(mutatedJson(random, body)))
      : mutated(random, [Buffer.from(JSON.stringify(body)), random.pick(bodiesAsBytes)], JSON_TEXT);
  const type = random.pick(['application/json', 'application/json; charset=utf-8', 'application/json;charset=latin1']);
  return { method, path, headers: { ...headersOf(caller), 'content-type': type }, body: bytes };
}

const BOUNDARY = '----b';

function form(...parts: readonly (readonly [disposition: string, content: string | Buffer])[]): Buffer {
  const pieces = parts.flatMap(([disposition, content]) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

const logo = 'name="logo"; filename="logo.png"';
const LOGOS = [png(3, 2), png(40, 40), JPEG, GIF].map((picture) => form([logo, picture]));
/** Refused by a field, so that no certificate is opened and no account made. */
const REGISTRATION = form(
  ['name="email"', 'tienda@example.com'],
  ['name="ruc"', '1'],
  ['name="businessName"', 'Panadería Ñandú'],
  ['name="branchCode"', '001'],
  ['name="requiredAccounting"', 'false'],
  ['name="certPassword"', 'clave'],
  ['name="cert"; filename="firma.p12"', Buffer.alloc(300, 0x30)],
  [logo, GIF],
);
const ISSUER = form(
  ['name="branchCode"', 'x'],
  ['name="issuePointCode"', '001'],
  ['name="documentTypes"', '["01","04"]'],
);

function formRequest(random: Random, caller: Caller): FuzzedRequest {
  const [method, path, samples] = random.pick([
    ['PATCH', `/v1/issuers/${caller.issuerId}/logo`, LOGOS],
    ['POST', '/v1/register', [REGISTRATION]],
    ['POST', '/v1/issuers', [ISSUER]],
  ] as const);
  const boundary = random.pick([
    BOUNDARY,
    BOUNDARY,
    BOUNDARY,
    `"${BOUNDARY}"`,
    '',
    'x'.repeat(70),
    `${BOUNDARY}; charset=x`,
  ]);
  const headers = { ...headersOf(caller), 'content-type': `multipart/form-data; boundary=${boundary}` };
  return { method, path, headers, body: mutated(random, samples, FORM) };
}

/** Requests whose heads are changed; they only read, or check. */
function headRequest(random: Random, caller: Caller): FuzzedRequest {
  const common = ['Host: api', `Authorization: Bearer ${caller.apiKey}`, `X-Issuer-Id: ${caller.issuerId}`];
  const [document] = bodiesAsBytes as [Buffer];
  const heads = [
    ['GET /v1/documents?limit=5&status=SIGNED&buyer=Mar%C3%ADa HTTP/1.1', 'Accept-Language: es-EC,en;q=0.5'],
    [`GET /v1/documents/${NO_DOCUMENT}/xml HTTP/1.1`, 'If-None-Match: W/"a", "b"', 'Accept: application/xml'],
    ['GET /v1/notifications?sinceId=0 HTTP/1.1', 'Origin: https://shop.example', 'X-Request-Id: till-7'],
    ['OPTIONS /v1/documents HTTP/1.1', 'Origin: https://shop.example', 'Access-Control-Request-Method: POST'],
    ['POST /v1/documents/validate HTTP/1.1', 'Content-Type: application/json', `Content-Length: ${document.length}`],
    ['POST /v1/documents/validate HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked'],
  ].map((lines) => `${[...lines, ...common, 'X-Forwarded-For: 10.0.0.1', 'Connection: close'].join('\r\n')}\r\n\r\n`);
  const chunk = `${document.length.toString(16)}\r\n${document.toString()}\r\n0\r\n\r\n`;
  const bodies = ['', '', '', '', document.toString(), chunk];
  return {
    raw: mutated(
      random,
      heads.map((head, index) => Buffer.from(`${head}${bodies[index]}`)),
      HEAD,
    ),
  };
}

function headersOf({ apiKey, issuerId }: Caller): Record<string, string> {
  return { authorization: `Bearer ${apiKey}`, 'x-issuer-id': issuerId };
}

/** What reads bytes at the HTTP edge, by what is thrown at it. */
export const EDGES = { json: jsonRequest, multipart: formRequest, headers: headRequest } as const satisfies Record<
  string,
  Maker
>;

export type EdgeName = keyof typeof EDGES;
