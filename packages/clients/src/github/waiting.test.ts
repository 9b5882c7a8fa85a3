import { waitingTime } from './waiting.ts';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);
const seconds = now / 1000;
const limit = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
const denied = 'Resource not accessible by integration';

// docs.github.com, "Rate limits for the REST API", section "Exceeding the rate limit"
test.each([
  ['retry-after says how long', { status: 403, headers: { 'retry-after': '30' }, message: limit }, 1, 30],
  [
    'retry-after counts before the reset',
    {
      status: 429,
      headers: { 'retry-after': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${seconds + 900}` },
      message: '',
    },
    1,
    5,
  ],
  [
    'with no request left, the reset does',
    {
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${seconds + 90}` },
      message: 'API rate limit exceeded',
    },
    1,
    91,
  ],
  [
    'a secondary limit alone: a minute',
    { status: 403, headers: { 'x-ratelimit-remaining': '850' }, message: limit },
    1,
    60,
  ],
  ['and longer each time', { status: 429, headers: {}, message: limit }, 3, 240],
  ['a bad gateway', { status: 502, headers: {}, message: '<html>' }, 2, 2],
  ['a connection that broke off', { headers: {}, message: 'socket hang up' }, 1, 1],
  [
    'a missing permission is not worth a wait',
    { status: 403, headers: { 'x-ratelimit-remaining': '850' }, message: denied },
    1,
    undefined,
  ],
  ['nor is what is not there', { status: 404, headers: {}, message: 'Not Found' }, 1, undefined],
  ['nor what is not valid', { status: 422, headers: {}, message: 'Validation Failed' }, 1, undefined],
])('%s', (_name, rejection, attempt, expected) => {
  expect(waitingTime(rejection, attempt, now)).toBe(expected);
});
