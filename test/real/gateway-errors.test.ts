import { readFileSync } from 'node:fs';
import type { PlatformState } from '@fairway/platform';

const { gateway } = JSON.parse(readFileSync(process.env['FAIRWAY_TEST_PLATFORM'] ?? '', 'utf8')) as PlatformState;

test('an address that no service answers for is an error of the OpenAI API with the id of the request', async () => {
  const answer = await fetch(`${gateway.url}/v1/nothing-${process.pid}`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toBe('application/json');
  const id = answer.headers.get('x-request-id');
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(await answer.json()).toEqual({
    error: {
      message: expect.stringMatching(/^No service answers at this address\. .*\/v1\/chat\/completions/),
      type: 'invalid_request_error',
      param: null,
      code: 'unknown_url',
      request_id: id,
    },
  });
});
