import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';

const attempts = 3;
const timeoutSeconds = 30;
const worthAnotherTry = new Set([408, 429, 500, 502, 503, 504]);
/** What a user can mend (no such model, no consent, no right): passed through for a better sentence than ours. */
const passedThrough = new Set([401, 403, 404]);

/**
 * `fetch` for a model hub: every request has a time limit and is tried again when the connection or the server fails.
 * @throws ToolError when no attempt got an answer other than a server's failure; headers are never part of it
 */
export const hubFetch: typeof fetch = (input, init) => answered(input, init, true);

/** The same for a file of many gigabytes: the time limit ends with the headers of the answer. */
export const hubDownload: typeof fetch = (input, init) => answered(input, init, false);

async function answered(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  whole: boolean,
): Promise<Response> {
  const url = input instanceof Request ? input.url : String(input);
  for (let attempt = 1; ; attempt++) {
    const { response, error } = await once(input, init, whole);
    if (response && (response.ok || passedThrough.has(response.status))) return response;
    if (attempt === attempts || (response && !worthAnotherTry.has(response.status))) {
      throw response ? await refused(url, response) : unreachable(url, error);
    }
    await response?.body?.cancel();
    await sleep(300 * 2 ** attempt * (0.5 + Math.random()), undefined, { signal: init?.signal ?? undefined });
  }
}

async function once(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  whole: boolean,
): Promise<{ response?: Response; error?: Error }> {
  const limit = new AbortController();
  const late = new DOMException(`no answer within ${timeoutSeconds} s`, 'TimeoutError');
  const timer = setTimeout(() => limit.abort(late), timeoutSeconds * 1000).unref();
  try {
    const signal = init?.signal ? AbortSignal.any([init.signal, limit.signal]) : limit.signal;
    const response = await fetch(input, { ...init, signal });
    if (!whole) clearTimeout(timer);
    return { response };
  } catch (error) {
    clearTimeout(timer);
    if (init?.signal?.aborted) throw error;
    return { error: error as Error };
  }
}

async function refused(url: string, response: Response): Promise<ToolError> {
  return new ToolError(
    'model hub',
    `GET ${url}`,
    response.status,
    (await response.text()).slice(0, 500),
    reasonOf('hub.later'),
  );
}

function unreachable(url: string, error: Error | undefined): ToolError {
  // fetch hides what happened to the connection in the cause
  const cause = error?.cause as NodeJS.ErrnoException | undefined;
  const text =
    error?.name === 'TimeoutError' ? `no answer within ${timeoutSeconds} s` : (cause?.message ?? error?.message ?? '');
  return new ToolError('model hub', `GET ${url}`, cause?.code, text, reasonOf('hub.connection'));
}
