import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openInference } from '@fairway/clients/inference/index';
import { Patience } from '@fairway/load';
import { onlyModel } from './only-model.ts';
import { tokenAdvice } from './token-advice.ts';

const patience = new Patience({ startsWithin: 0, says: () => {} });

/** What is said of a server that answers every request with this. */
async function asked(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  let encoding: unknown;
  const server = createServer((request, response) => {
    encoding = request.headers['accept-encoding'];
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = openInference(`http://127.0.0.1:${port}`);
  try {
    const said = await onlyModel(endpoint, {}, new AbortController().signal, patience).catch((error: Error) => {
      expect(error.name).toBe('ConfigurationError');
      return error.message.replaceAll(String(port), 'PORT');
    });
    expect(encoding).toBe('identity');
    return said;
  } finally {
    endpoint.close();
    server.closeAllConnections();
    server.close();
  }
}

test('the model of a server that has one', async () => {
  // the example of https://platform.openai.com/docs/api-reference/models/list, cut to one
  const list = { object: 'list', data: [{ id: 'model-id-0', object: 'model', created: 1686935002, owned_by: 'org' }] };
  expect(await asked(200, JSON.stringify(list))).toBe('model-id-0');
});

test.each([
  [200, '{"data":[]}', /PORT has no model\. Name one with --model\.$/],
  [200, '{"data":[{"id":"a"},{"id":"b"}]}', /PORT has 2 models: a, b\. Name one with --model\.$/],
  [200, 'null', /answers no list of models: "null"\. Check that --url is the address before \/v1/],
  [200, '{"data":"x"}', /answers no list of models/],
  [200, '{"data":[null]}', /answers no list of models/],
  [200, '<html>', /answers no list of models: "<html>"/],
  [404, '{}', /answers HTTP 404\. Check that --url/],
  [401, 'Jwt is missing', /answers HTTP 401: "Jwt is missing"\. Give a token .* FAIRWAY_TOKEN/],
  [403, 'RBAC: access denied', /answers HTTP 403: "RBAC: access denied"\. .* With --model nobody lists them\.$/],
  [502, '<html>', /answers HTTP 502\. What answers there has no server behind it that is ready: wait until one is/],
  [429, '{}', /answers HTTP 429\. The rate limit is used up before the load begins/],
])('HTTP %i with %s', async (status, body, message) => {
  expect(await asked(status, body)).toMatch(message);
});

test.each([
  [401, { authorization: 'Bearer a' }, false, /sent is wrong or over: get a fresh one .* FAIRWAY_TOKEN\. --token-url/],
  [401, { authorization: 'Bearer a' }, true, /does not trust what --token-url gives/],
  [403, {}, false, /may not do this/],
  [404, {}, false, /^undefined$/],
])('what to do about a token: %s %j %s', (status, sent, issued, advice) => {
  expect(String(tokenAdvice(status, sent, issued))).toMatch(advice);
});

test('a redirect is named with where it leads', async () => {
  expect(await asked(308, '', { location: 'https://llm.example.com/v1/models' })).toMatch(
    /answers HTTP 308 and leads to https:\/\/llm\.example\.com\/v1\/models\. Redirects are not followed/,
  );
});

// RFC 9110, 10.2.3: seconds, or a date
test.each([
  ['3600', /in 3600 s, and a load waits 120 s at most: try again then, or raise its limit\.$/],
  ['Fri, 31 Dec 2100 23:59:59 GMT', /in \d{9,} s, and a load waits 120 s at most/],
])('a server that asks to come back much later (%s) is not waited for', async (after, message) => {
  expect(await asked(429, '{}', { 'retry-after': after })).toMatch(message);
});

test('a list that is compressed is not shown', async () => {
  expect(await asked(200, '\u001f\u008b\u0008', { 'content-encoding': 'gzip' })).toMatch(
    /PORT\/v1\/models answers HTTP 200 in a body that is compressed \(gzip\), though the request asks for none\. Turn/,
  );
});
