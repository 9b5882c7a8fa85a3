import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { beginDeployment } from './index.ts';

let server: http.Server;
const seen: { request: string; authorization?: string; body: Record<string, unknown> }[] = [];

beforeAll(done => {
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({
        request: `${request.method} ${request.url}`,
        authorization: request.headers.authorization,
        body: JSON.parse(body || '{}') as Record<string, unknown>,
      });
      response.setHeader('content-type', 'application/json');
      if (request.url?.includes('/closed/'))
        return void response.writeHead(403).end('{"message":"Resource not accessible by integration"}');
      if (request.method === 'GET') return void response.writeHead(200).end(JSON.stringify(answers(request.url ?? '')));
      response.writeHead(201).end(JSON.stringify({ id: 7 }));
    });
  });
  server.listen(0, '127.0.0.1', () => {
    // read when the library is first loaded, which beginDeployment does
    process.env['GITHUB_API_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    done();
  });
});

afterAll(() => void server.close());

/** Deployments of the environment before, the newest first, in the shape of GitHub's REST description. */
function answers(url: string): unknown {
  if (url.includes('/deployments?'))
    return [
      { id: 6, payload: { service: 'other/other' } },
      { id: 5, payload: { service: 'team/hello' } },
      { id: 4, payload: { service: 'team/hello' } },
      { id: 3, payload: '' },
    ];
  return [{ state: url.includes('/5/') ? 'in_progress' : 'success' }];
}

const request = {
  service: 'team/hello',
  token: 'secret-token',
  repository: 'team/hello',
  ref: '0'.repeat(40),
  environment: 'production',
  description: 'x'.repeat(200),
  payload: { image: 'registry/hello@sha256:0' },
};

test('a deployment begins, and ends with its address', async () => {
  const deployment = await beginDeployment(request);
  await deployment.finish('success', 'all traffic', 'https://llm.example');
  const written = seen.filter(one => one.request.startsWith('POST'));
  expect(written.map(one => one.request)).toEqual([
    // the one before it was never ended
    'POST /repos/team/hello/deployments/5/statuses',
    'POST /repos/team/hello/deployments',
    'POST /repos/team/hello/deployments/7/statuses',
    'POST /repos/team/hello/deployments/7/statuses',
  ]);
  const [created] = written.slice(1);
  expect(created?.body).toMatchObject({
    ref: request.ref,
    environment: 'production',
    required_contexts: [],
    auto_merge: false,
    payload: { ...request.payload, service: 'team/hello' },
  });
  expect(String(created?.body['description'])).toHaveLength(140);
  expect(written.map(one => one.body['state'])).toEqual(['error', undefined, 'in_progress', 'success']);
  expect(written[3]?.body['environment_url']).toBe('https://llm.example');
});

test('a refusal says which permission is missing, without the token', async () => {
  const error = await beginDeployment({ ...request, repository: 'closed/hello' }).catch((caught: Error) => caught);
  expect(String(error)).toMatch(
    /github: listing the deployments in closed\/hello ended with 403: Resource not accessible by integration.* deployments: write/,
  );
  expect(String(error)).not.toContain('secret-token');
});
