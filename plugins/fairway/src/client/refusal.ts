import { ResponseError } from '@backstage/errors';
import { UnansweredError } from './unanswered-error.ts';

/** Errors of a failed backend whose message is a sentence for people; that of any other may be an exception of a library. */
const spoken = new Set(['NotImplementedError', 'ServiceUnavailableError', 'ToolError']);

/** Statuses by which a proxy says that nobody behind it answers. */
const gateway = new Set([502, 503, 504]);

interface ErrorBody {
  readonly error?: { readonly name?: string; readonly message?: string; readonly coded?: unknown };
  readonly response?: unknown;
}

/**
 * What an answer with an error means: words of the backend, or of who answered in its place.
 * @param place method and path of the request
 */
export async function refusalOf(response: Response, place: string): Promise<Error> {
  const { status } = response;
  if (status === 401) return new UnansweredError('session', {});
  const facts = { place, status: String(status) };
  const { error, response: said } = await bodyOf(response.clone());
  if (error === undefined || said === undefined) {
    if (status === 404) return new UnansweredError('missing', facts);
    return new UnansweredError(gateway.has(status) ? 'gateway' : 'proxy', facts);
  }
  if (status < 500 || error.coded !== undefined || spoken.has(error.name ?? ''))
    return ResponseError.fromResponse(response);
  const logId = /\blogId=(\w+)/.exec(error.message ?? '')?.[1];
  return logId === undefined
    ? new UnansweredError('broke', facts)
    : new UnansweredError('brokeLogged', { ...facts, logId });
}

/** Empty where it is not the JSON of Backstage: a page, or the words of a proxy. */
async function bodyOf(response: Response): Promise<ErrorBody> {
  try {
    return ((await response.json()) as ErrorBody | null) ?? {};
  } catch {
    return {};
  }
}
