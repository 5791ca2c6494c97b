/** Calls our HTTP API as any tenant would; see the OpenAPI document for the shapes. */
export class ApiClient {
  readonly base: string;
  private readonly headers: Record<string, string>;
  private readonly signal: AbortSignal;

  constructor(base: string, signal: AbortSignal, headers: Record<string, string> = {}) {
    this.base = base;
    this.signal = signal;
    this.headers = headers;
  }

  /** The same API for whoever holds `apiKey`, and for one of his issuers. */
  as(apiKey: string, issuerId?: string): ApiClient {
    return new ApiClient(this.base, this.signal, {
      Authorization: `Bearer ${apiKey}`,
      ...(issuerId === undefined ? {} : { 'X-Issuer-Id': issuerId }),
    });
  }

  get<T>(path: string): Promise<T> {
    return this.call('GET', path).then((response) => response.json() as Promise<T>);
  }

  async download(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.call('GET', path)).arrayBuffer());
  }

  /** @param body sent as JSON, a form as multipart */
  post<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
    const form = body instanceof FormData;
    return this.call('POST', path, {
      headers: { ...(form ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: form ? body : JSON.stringify(body),
    }).then((response) => response.json() as Promise<T>);
  }

  /** @throws ApiError for everything but 2xx. */
  private async call(method: string, path: string, { headers = {}, ...init }: CallInit = {}): Promise<Response> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: { ...this.headers, ...headers },
      signal: this.signal,
      ...init,
    });
    if (!response.ok) throw new ApiError(`${method} ${path.split('?')[0]}`, response, await response.text());
    return response;
  }
}

interface CallInit {
  headers?: Record<string, string>;
  body?: FormData | string;
}

/** The API refused; the message holds what it said. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** When it may be asked again, if it says so. */
  readonly retryAfterMs: number | undefined;

  constructor(what: string, { status, headers }: Response, answer: string) {
    super(`${what} was answered ${status}: ${answer}`);
    this.status = status;
    const seconds = headers.get('retry-after');
    this.retryAfterMs = seconds === null ? undefined : Number(seconds) * 1000;
  }
}
