/** Where the API is, and who calls it. */
export interface Caller {
  baseUrl: string;
  /** API key, or the admin secret. */
  bearer?: string;
  issuerId?: string;
}

/** The parts of a request that an operation has. */
export interface Request {
  params?: object;
  query?: object;
  headers?: object;
  /** Sent as JSON, or as the operation takes it: as a form, or as the text that it is. */
  body?: unknown;
}

/** One of the answers that an operation documents. */
export interface Answer<Status extends number, Body> {
  status: Status;
  headers: Headers;
  body: Body;
}

const FORM = 'multipart/form-data';

/** How the generated client calls an operation; whatever comes back is taken for what the operation documents. */
export function createCall({ baseUrl, bearer, issuerId }: Caller) {
  const own = {
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(issuerId === undefined ? {} : { 'x-issuer-id': issuerId }),
  };

  return async <A extends Answer<number, unknown>>(
    method: string,
    path: string,
    { params = {}, query = {}, headers = {}, body }: Request,
    mediaType = 'application/json',
  ): Promise<A> => {
    const values = params as Record<string, unknown>;
    const url = new URL(
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name]))),
      baseUrl,
    );
    for (const [name, value] of given(query)) url.searchParams.append(name, String(value));
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...own,
        ...(body === undefined || mediaType === FORM ? {} : { 'content-type': mediaType }),
        ...Object.fromEntries(given(headers).map(([name, value]) => [name, String(value)])),
      },
      ...(body === undefined ? {} : { body: encode(body, mediaType) }),
    });
    return { status: response.status, headers: response.headers, body: await contentOf(response) } as A;
  };
}

async function contentOf(response: Response): Promise<unknown> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length === 0) return undefined;
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return isJson ? (JSON.parse(new TextDecoder().decode(bytes)) as unknown) : bytes;
}

function encode(body: unknown, mediaType: string): string | FormData {
  if (mediaType === FORM) return formOf(body as object);
  return mediaType === 'application/json' ? JSON.stringify(body) : String(body);
}

function formOf(fields: object): FormData {
  const form = new FormData();
  for (const [name, value] of given(fields)) {
    if (value instanceof Blob) form.set(name, value, name);
    else form.set(name, String(value));
  }
  return form;
}

/**
 * An answer that is one of these statuses, and nothing else.
 * @throws Error with the whole answer when it is another
 */
export function expectStatus<A extends Answer<number, unknown>, Status extends A['status']>(
  answer: A,
  ...statuses: Status[]
): Extract<A, { status: unknown }> & { status: Status; body: BodyOf<A, Status> } {
  if (statuses.some((status) => status === answer.status)) return answer as never;
  throw new Error(`the service answers ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** The bodies of those answers that may have such a status. */
type BodyOf<A, Status> =
  A extends Answer<infer S, infer Body> ? (Extract<S, Status> extends never ? never : Body) : never;

function given(parts: object): [string, unknown][] {
  return Object.entries(parts).filter(([, value]) => value !== undefined);
}
