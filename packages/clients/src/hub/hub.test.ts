import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ToolError } from '../tool-error.ts';
import { hubFetch } from './index.ts';

let server: Server;
let url: string;
let statuses: number[];
let asked: number;

beforeEach(async () => {
  asked = 0;
  server = createServer((_request, response) => void response.writeHead(statuses[asked++] ?? 200).end('answer'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model`;
});
afterEach(() => new Promise(resolve => server.close(resolve)));

test.each([
  ['an answer', [200], 200, 1],
  ['an answer after a failure of the server', [503, 200], 200, 2],
  ['an unknown model', [404], 404, 1],
  ['a refused token', [401], 401, 1],
])('gives %s', async (_name, answers, status, times) => {
  statuses = answers;
  expect((await hubFetch(url)).status).toBe(status);
  expect(asked).toBe(times);
});

test.each([
  ['after three failures of the server', [503, 503, 503], 3, 'ended with 503: answer'],
  ['at once for a request that the server does not take', [400], 1, 'ended with 400: answer'],
])('gives up %s', async (_name, answers, times, message) => {
  statuses = answers;
  await expect(hubFetch(url, { headers: { Authorization: 'Bearer hidden' } })).rejects.toThrow(
    `model hub: GET ${url} ${message}`,
  );
  expect(asked).toBe(times);
});

test('names the request when nobody answers', async () => {
  const error: unknown = await hubFetch('http://127.0.0.1:9/').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ToolError);
  expect(String(error)).toContain('model hub: GET http://127.0.0.1:9/');
});

test('stops when it is told to', async () => {
  await expect(hubFetch(url, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  expect(asked).toBe(0);
});
