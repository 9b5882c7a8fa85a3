import type { FoundOperation } from './validator.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text as it is. */
  readonly body?: unknown;
}

export interface Asked {
  readonly path: FoundOperation['path'];
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Who asks. */
  readonly login: string;
}

/** What one operation of GitHub does to the state, by its id in the description. */
export type Operations = Readonly<Record<string, (asked: Asked) => Answer>>;

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });

const documentation_url = 'https://docs.github.com/rest';

export const notFound: Answer = { status: 404, body: { message: 'Not Found', documentation_url, status: '404' } };

/** GitHub takes the form and not the content. */
export function unprocessable(message: string, errors: readonly object[] = []): Answer {
  return { status: 422, body: { message, errors, documentation_url, status: '422' } };
}

export function forbidden(message: string, headers: Answer['headers'] = {}): Answer {
  return { status: 403, headers, body: { message, documentation_url, status: '403' } };
}

/** One page of a list, with the link to the next. */
export function page(asked: Asked, address: string, all: readonly unknown[]): Answer {
  const size = Number(asked.query.get('per_page') ?? 30);
  const number = Number(asked.query.get('page') ?? 1);
  const next = new URLSearchParams(asked.query);
  next.set('page', String(number + 1));
  return {
    status: 200,
    headers: number * size < all.length ? { link: `<${address}?${next}>; rel="next"` } : {},
    body: all.slice((number - 1) * size, number * size),
  };
}
