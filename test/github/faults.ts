import type { Answer } from './answer.ts';

/** Another answer than the usual one. */
export interface Fault {
  /** Undefined: the connection is dropped. `part`: it is dropped in the middle of the usual answer. */
  readonly answer: Answer | 'part' | undefined;
  /** What was asked is done all the same: only the answer is lost. */
  readonly after?: boolean;
  /** Requests it is for, as `METHOD /path?query`; any when absent. */
  readonly when?: RegExp;
}

const limits = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';

/** The limit of requests an hour is used up. @param reset when it is full again, in seconds since 1970 */
export function primaryLimit(reset: number, status: 403 | 429 = 403): Answer {
  return {
    status,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-used': '1000', 'x-ratelimit-reset': String(reset) },
    body: { message: 'API rate limit exceeded for installation ID 1.', documentation_url: limits, status: `${status}` },
  };
}

/** Too much at once. GitHub says mostly, and not always, how many seconds to wait. */
export function secondaryLimit(seconds?: number, status: 403 | 429 = 403): Answer {
  return {
    status,
    headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
    body: {
      message:
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
      documentation_url: `${limits}#about-secondary-rate-limits`,
      status: `${status}`,
    },
  };
}

/** What stands before GitHub's servers has no answer of them, and answers a page. */
export const badGateway: Answer = {
  status: 502,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>',
};
