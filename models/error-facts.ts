/** What both SDKs' errors tell, under one set of names. */
export interface ErrorFacts {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly kind: string | undefined;
  readonly param: string | undefined;
  readonly requestId: string | undefined;
  readonly message: string;
  readonly headers: unknown;
}

export function factsOf(error: unknown): ErrorFacts {
  const seen = isObject(error) ? error : {};
  const text = (name: string): string | undefined => (typeof seen[name] === 'string' ? seen[name] : undefined);
  return {
    status: typeof seen.status === 'number' ? seen.status : undefined,
    code: text('errorCode') ?? text('code'),
    kind: text('type'),
    param: text('param'),
    requestId: text('requestID'),
    message: text('message') ?? '',
    headers: seen.headers,
  };
}

/** One error of a chain of causes: its name, its class and its code. */
export type Link = Readonly<Record<'name' | 'maker' | 'code', unknown>>;

/** The error and its causes, as far as they are of use: name, class and code. */
export function causesOf(error: unknown): readonly Link[] {
  const links: Link[] = [];
  for (let at: unknown = error; isObject(at) && links.length < 8; at = at.cause) {
    links.push({ name: at.name, code: at.code, maker: at.constructor?.name });
  }
  return links;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
