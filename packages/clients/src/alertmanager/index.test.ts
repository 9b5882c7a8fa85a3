import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { alertmanager } from './index.ts';

/** Answers every request with a text and remembers what was sent. */
async function answering(text: string, status = 200) {
  const requests: { method?: string; url?: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => {
      requests.push({ method: request.method, url: request.url, body });
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, requests, close: () => server.close() };
}

test('silences an alert by all its labels, word for word', async () => {
  const server = await answering('{"silenceID":"s1"}');
  const id = await alertmanager(server.url).silence({
    labels: { alertname: 'Slow', path: 'a.*' },
    startsAt: new Date('2026-01-01T00:00:00Z'),
    endsAt: new Date('2026-01-01T01:00:00Z'),
    createdBy: 'user:default/ann',
    comment: 'looking into it',
  });
  server.close();
  expect(id).toBe('s1');
  expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/api/v2/silences' });
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
    matchers: [
      { name: 'alertname', value: 'Slow', isRegex: false, isEqual: true },
      { name: 'path', value: 'a.*', isRegex: false, isEqual: true },
    ],
    startsAt: '2026-01-01T00:00:00.000Z',
    endsAt: '2026-01-01T01:00:00.000Z',
    createdBy: 'user:default/ann',
    comment: 'looking into it',
  });
});

test.each([
  ['a refusal', 'bad matcher', 400, /alertmanager: GET .*\/api\/v2\/alerts.* ended with 400: bad matcher/],
  ['a page that is no JSON', '<html>Sign in</html>', 200, /the answer is no JSON/],
])('%s is said with what to do', async (_name, text, status, message) => {
  const server = await answering(text, status);
  await expect(alertmanager(server.url).alerts()).rejects.toThrow(message);
  await expect(alertmanager(server.url).alerts()).rejects.toThrow(/alertmanagerUrl/);
  server.close();
});

test('an address with a login and a query is asked with both, and shown with neither', async () => {
  const seen: { url?: string; authorization?: string }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url, authorization: request.headers.authorization });
    response.writeHead(403).end('no');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://ann:pass%40word@127.0.0.1:${port}/am/?token=hush`;
  const error = await alertmanager(url)
    .alerts()
    .catch((caught: Error) => caught);
  server.close();
  expect(seen[0]?.authorization).toBe(`Basic ${btoa('ann:pass@word')}`);
  expect(seen[0]?.url).toBe('/am/api/v2/alerts?token=hush&active=true&silenced=true&inhibited=true&unprocessed=true');
  expect(String(error)).toMatch(
    /GET http:\/\/127\.0\.0\.1:\d+\/am\/api\/v2\/alerts\?token=\*\*\*&active.* ended with 403/,
  );
});
