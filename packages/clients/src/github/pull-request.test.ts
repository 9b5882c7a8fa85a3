import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { findPullRequest, keepComment } from './pull-request.ts';

let server: http.Server;
let asked: string[];
/** Answers before the usual ones, one a request. */
let busy: { status: number; headers?: Record<string, string>; body?: string }[];
let comments: { id: number; body: string; user: { type: string } }[];
const access = { token: 'secret-token', repository: 'team/hello' };
const comment = { marker: '<!-- fairway 1 -->', text: 'all is well' };

beforeAll(done => {
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json');
      const first = busy.shift();
      if (first)
        return void response.writeHead(first.status, first.headers ?? {}).end(first.body ?? '{"message":"no"}');
      const text = (JSON.parse(body || '{}') as { body?: string }).body ?? '';
      if (request.method === 'POST') comments.push({ id: 9, body: text, user: { type: 'Bot' } });
      if (request.method === 'PATCH') comments = comments.map(one => (one.id === 9 ? { ...one, body: text } : one));
      const pulls = [
        { number: 3, head: { sha: 'a'.repeat(40) } },
        { number: 4, head: { sha: 'b'.repeat(40) } },
      ];
      response.end(JSON.stringify(request.url?.includes('/pulls') ? pulls : comments));
    });
  });
  server.listen(0, '127.0.0.1', () => {
    // read when the library is first loaded
    process.env['GITHUB_API_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    done();
  });
});
beforeEach(() => {
  asked = [];
  busy = [];
  comments = [{ id: 1, body: '<!-- fairway 1 -->\nwritten by somebody', user: { type: 'User' } }];
});
afterAll(() => void server.close());

test('the pull request is the one whose newest commit was checked', async () => {
  const head = { owner: 'fork', branch: 'feature/x', commit: 'b'.repeat(40) };
  await expect(findPullRequest(access, head)).resolves.toBe(4);
  await expect(findPullRequest(access, { ...head, commit: 'c'.repeat(40) })).resolves.toBeUndefined();
  expect(asked[0]).toBe('GET /repos/team/hello/pulls?state=open&head=fork%3Afeature%2Fx&per_page=100');
});

test('there is one comment, which is brought up to date; one of a user is left alone', async () => {
  await expect(keepComment(access, 4, comment)).resolves.toBe('created');
  await expect(keepComment(access, 4, comment)).resolves.toBe('unchanged');
  await expect(keepComment(access, 4, { ...comment, text: 'now it is not' })).resolves.toBe('updated');
  expect(comments.map(({ body }) => body)).toEqual([
    '<!-- fairway 1 -->\nwritten by somebody',
    '<!-- fairway 1 -->\nnow it is not',
  ]);
});

test.each([
  ['a bad gateway', { status: 502, body: '<html>' }],
  ['a secondary rate limit', { status: 403, headers: { 'retry-after': '0' } }],
  ['a rate limit', { status: 429, headers: { 'retry-after': '0' } }],
])('after %s it asks again', async (_name, answer) => {
  busy = [answer];
  await expect(keepComment(access, 4, comment)).resolves.toBe('created');
});

test('a comment whose answer was lost is not written twice', async () => {
  comments.push({ id: 9, body: '<!-- fairway 1 -->\nall is well', user: { type: 'Bot' } });
  await expect(keepComment(access, 4, comment)).resolves.toBe('unchanged');
});

test('a token that may not comment is said, without it', async () => {
  busy = [{ status: 403, body: '{"message":"Resource not accessible by integration"}' }];
  const error = await keepComment(access, 4, comment).catch((caught: Error) => caught);
  expect(String(error)).toMatch(
    /github: commenting on pull request 4 in team\/hello ended with 403: Resource not accessible by integration.* pull-requests: write/,
  );
  expect(String(error)).not.toContain('secret-token');
});
