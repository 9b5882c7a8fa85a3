import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from './tool-error.ts';

test('what a system said stays in its words, apart from the sentence around them and from what to do', () => {
  const error = new ToolError('registry', 'GET https://r/v2/', 401, 'no token', 'Log in to r again.');
  expect(error.message).toBe('registry: GET https://r/v2/ ended with 401: no token. Log in to r again.');
  expect(error.coded).toEqual(
    reasonOf('list.then', {
      first: reasonOf('tool.endedSaying', {
        ...{ tool: reasonOf('outside.registry'), request: 'GET https://r/v2/', status: 401, words: 'no token.' },
      }),
      second: 'Log in to r again.',
    }),
  );
});

test.each([
  [undefined, '', undefined, 'docker: ping failed.'],
  [undefined, 'it is away', undefined, 'docker: ping failed: it is away'],
  [undefined, '', 'Start it.', 'docker: ping failed. Start it.'],
  ['ENOENT', '', undefined, 'docker: ping ended with ENOENT.'],
  [500, 'it said "no"', 'Ask again.', 'docker: ping ended with 500: it said "no" Ask again.'],
  [
    undefined,
    reasonOf('smoke.noModel'),
    'Put it there.',
    'docker: ping failed: the model is neither in the image nor in the folder of the service. Put it there.',
  ],
])('%j, %j and %j', (status, output, advice, message) => {
  expect(new ToolError('docker', 'ping', status, output, advice).message).toBe(message);
});

test('a credential is in no parameter either', () => {
  const fault = reasonOf('rollout.seen', { cause: 'http://a:s3cr3t@h failed' });
  const error = new ToolError('git', reasonOf('stage.ended', { sentence: 'GET http://a:s3cr3t@h' }), 1, fault, fault);
  expect(JSON.stringify({ ...error, message: error.message })).not.toContain('s3cr3t');
  expect(error.message).toContain('http://***@h failed');
});
