import { readAccessLine } from './access-line.ts';
import type { Usage } from './access-line.ts';

/** As Envoy 1.40 wrote it; only names are others. */
const line = {
  cache: null,
  details: 'via_upstream',
  duration_ms: 123,
  first_token: '1764151118250000',
  flags: null,
  id: '16725e51-b210-42a0-994d-5987fb05d9f5',
  method: 'POST',
  path: '/v1/chat/completions',
  request_id: 'a53e67bb-cf7d-432a-8fdc-ad67d6394bbf',
  route: [
    {
      kind: 'HTTPRoute',
      namespace: 'default',
      name: 'hello-chat',
      annotations: { service: 'hello', owner: 'team-a' },
    },
  ],
  status: 200,
  subject: 'app',
  time: '2025-11-26T09:58:38.200123Z',
  model: 'tiny',
  usage: { total_tokens: 46, prompt_tokens: 12, completion_tokens: 34, counted_by: 'usage' },
  version: 'abc',
};

const read = (more: object = {}) => readAccessLine(JSON.stringify({ ...line, ...more }));

test('a request of a service', () => {
  expect(read()).toEqual({
    id: line.id,
    at: line.time,
    request_id: line.request_id,
    subject: 'app',
    namespace: 'default',
    service: 'hello',
    owner: 'team-a',
    operation: '/v1/chat/completions',
    version: 'abc',
    model: 'tiny',
    prompt_tokens: 12,
    completion_tokens: 34,
    counted_by: 'usage',
    ttft_ms: 50,
    duration_ms: 123,
    status: 200,
    flags: null,
    cache: null,
  });
});

test('what the gateway did not see is absent, never nought', () => {
  expect(read({ usage: { total_tokens: 0 }, model: null, first_token: null, version: null })).toMatchObject({
    model: null,
    prompt_tokens: null,
    completion_tokens: null,
    counted_by: null,
    ttft_ms: null,
    version: null,
  });
});

test('events are counted for tokens where the engine says none, and the row says so', () => {
  expect(read({ usage: { total_tokens: 7, counted_by: 'events' } })).toMatchObject({
    prompt_tokens: null,
    completion_tokens: 7,
    counted_by: 'events',
  });
});

test('whoever was not let in, and what is no service, is not counted', () => {
  expect(read({ subject: null })).toBe('none');
  expect(read({ route: null })).toBe('none');
  expect(read({ route: [{ kind: 'HTTPRoute', namespace: 'default', name: 'hello-models' }] })).toBe('none');
});

test('names of any content fit into the database', () => {
  expect(read({ subject: `a\0b\ud800${'x'.repeat(1000)}` })).toMatchObject({ subject: `ab\ufffd${'x'.repeat(253)}` });
  // the 256th of them is half of a character, which jsonb rejects: https://www.postgresql.org/docs/current/datatype-json.html
  const begin = 'x'.repeat(255);
  expect(read({ request_id: `${begin}😀` })).toMatchObject({ request_id: `${begin}\ufffd` });
});

// a bigint ends at 9.2e18: https://www.postgresql.org/docs/current/datatype-numeric.html
test.each([-1, '12', 1e19, 1e300])('a count of %p, which no engine means, does not stop the rows beside it', prompt => {
  const { prompt_tokens } = read({ usage: { ...line.usage, prompt_tokens: prompt } }) as Usage;
  expect(prompt_tokens).toBe(prompt === '12' ? 12 : null);
});

test.each(['', 'text', '[]', '{}', 'null', JSON.stringify({ ...line, id: '-' }), JSON.stringify({ ...line, time: 1 })])(
  'what is no line of the access log is said to be none: %s',
  text => {
    expect(readAccessLine(text)).toBe('unreadable');
  },
);
