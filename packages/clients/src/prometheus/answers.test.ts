import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { prometheus } from './index.ts';

let answer: { readonly status: number; readonly body: string };
const server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
let url: string;

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => (server.closeAllConnections(), server.close()));

const samples = { resultType: 'vector', result: [{ metric: {}, value: [0, '7'] }] };
const ask = (partial: Parameters<typeof prometheus>[3], remarks: object) => {
  answer = { status: 200, body: JSON.stringify({ status: 'success', data: samples, ...remarks }) };
  return prometheus(url, undefined, {}, partial).query('up');
};

// https://thanos.io/tip/components/query.md/#partial-response, https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#cluster-availability
const thanos =
  'receive series from Addr: 10.0.0.7:10901 LabelSets: {cluster="a"} MinTime: 0 MaxTime: 1: rpc error: code = Unavailable desc = connection refused';

test.each<[string, object, string]>([
  ['Thanos', { warnings: [thanos] }, thanos],
  ['Cortex', { warnings: ['Query result may contain partial data.'] }, 'may contain partial data'],
  ['VictoriaMetrics', { isPartial: true }, 'isPartial'],
])('what a part of %s has not answered is no whole answer', async (_store, remarks, words) => {
  await expect(ask('rejected', remarks)).rejects.toThrow(/partial data.*Some of the stores behind prometheus-url/s);
  await expect(ask('rejected', remarks)).rejects.toThrow(words);
  expect(await ask('taken', remarks)).toEqual([{ metric: {}, value: 7 }]);
  const said: string[] = [];
  expect(await ask(missing => void said.push(missing), remarks)).toEqual([{ metric: {}, value: 7 }]);
  expect(said).toEqual([expect.stringContaining(words)]);
});

test.each<[string, object]>([
  ['nothing', {}],
  ['of the language', { warnings: ['PromQL warning: bucket label "le" is missing or has a malformed value (1:1)'] }],
  ['that no store has the labels', { warnings: ['No StoreAPIs matched for this query'] }],
  ['that all answered', { isPartial: false, warnings: [] }],
])('remarks %s leave an answer whole', async (_name, remarks) => {
  expect(await ask('rejected', remarks)).toEqual([{ metric: {}, value: 7 }]);
  const said: string[] = [];
  await ask(missing => void said.push(missing), remarks);
  expect(said).toEqual([]);
});

test.each<[string, number, string, RegExp]>([
  [
    'Mimir, whose limits are exceeded',
    422,
    '{"status":"error","errorType":"execution","error":"the query exceeded the maximum number of chunks (err-mimir-max-chunks-per-query)"}',
    /422.*: the query exceeded the maximum number of chunks.*The store limits what one question/s,
  ],
  [
    'Mimir, which is asked too often',
    429,
    '{"status":"error","errorType":"too_many_requests","error":"too many outstanding requests"}',
    /429.*: too many outstanding requests.*The store limits/s,
  ],
  [
    'Google, whose account may not look',
    403,
    '{"error":{"code":403,"message":"Permission monitoring.timeSeries.list denied (or the resource may not exist).","status":"PERMISSION_DENIED"}}',
    /403.*: Permission monitoring\.timeSeries\.list denied.*Check that prometheus-url/s,
  ],
  ['AWS', 403, '{"message":"Missing Authentication Token"}', /403.*: Missing Authentication Token/s],
  ['a proxy', 401, '<html>Log in</html>', /401.*<html>Log in.*Check that prometheus-url/s],
])('%s is said in its words', async (_store, status, body, expected) => {
  answer = { status, body };
  const asked = prometheus(url).query('up');
  await expect(asked).rejects.toThrow(expected);
  await expect(asked).rejects.not.toThrow('errorType');
});
