import { readAccessLine } from './access-line.ts';
import type { Usage } from './access-line.ts';
import { GenAiMetrics } from './gen-ai-metrics.ts';
import { readTenantClasses, tenantClass } from './tenant-classes.ts';

const since = new Date('2026-11-28T10:00:00Z');

/** As Envoy writes it. */
const line = (more: object = {}): Usage =>
  readAccessLine(
    JSON.stringify({
      ...{ time: '2026-11-28T10:00:01.000000Z', id: '3f0c1c8e-6d0a-4a53-9d5e-0d6e6c2a7f10', request_id: 'r' },
      ...{
        subject: 'svc-search',
        path: '/v1/chat/completions',
        status: 200,
        duration_ms: 900,
        model: 'tiny',
        version: 'abc',
      },
      route: [{ namespace: 'llm', annotations: { service: 'hello', owner: 'team-a' } }],
      first_token: String(Date.parse('2026-11-28T10:00:01Z') * 1000 + 70_000),
      usage: { total_tokens: 30, prompt_tokens: 20, completion_tokens: 10, counted_by: 'usage' },
      ...more,
    }),
  ) as Usage;

async function counted(rows: readonly Usage[], more: object = {}) {
  const metrics = new GenAiMetrics({ classes: { internal: ['svc-*'] }, since, ...more });
  metrics.count(rows);
  const text = await metrics.text();
  return (name: string, ...parts: string[]) =>
    text
      .split('\n')
      .filter(one => one.startsWith(`${name}{`) && parts.every(part => one.includes(part)))
      .map(one => Number(one.slice(one.lastIndexOf(' '))));
}

test('a request has the names and labels of the conventions, with service, version and class of its client', async () => {
  const values = await counted([line()]);
  const of = [
    ...['gen_ai_operation_name="chat"', 'gen_ai_request_model="tiny"', 'service_namespace="llm"'],
    ...['service_name="hello"', 'service_version="abc"', 'tenant_class="internal"'],
  ];
  const unknown = 'gen_ai_token_modality="unknown"';
  expect(values('gen_ai_client_inference_usage_input_tokens_total', ...of, unknown)).toEqual([20]);
  expect(values('gen_ai_client_inference_usage_output_tokens_total', ...of, unknown)).toEqual([10]);
  expect(values('gen_ai_client_inference_operation_output_tokens_sum', ...of)).toEqual([10]);
  expect(values('gen_ai_server_request_duration_seconds_sum', ...of, 'error_type=""')).toEqual([0.9]);
  // 830 ms for nine tokens after the first one
  expect(values('gen_ai_server_time_per_output_token_seconds_sum', ...of)[0]).toBeCloseTo(0.83 / 9);
  expect(values('gen_ai_server_time_per_output_token_seconds_bucket', ...of, 'le="0.075"')).toEqual([0]);
  expect(values('gen_ai_server_time_per_output_token_seconds_bucket', ...of, 'le="0.1"')).toEqual([1]);
  // 70 ms lie between the conventions' bounds of 60 and 80
  expect(values('gen_ai_server_time_to_first_token_seconds_bucket', ...of, 'le="0.06"')).toEqual([0]);
  expect(values('gen_ai_server_time_to_first_token_seconds_bucket', ...of, 'le="0.08"')).toEqual([1]);
  // the conventions end at 67108864 tokens and at 81.92 s
  expect(values('gen_ai_client_inference_operation_input_tokens_bucket', 'le="67108864"')).toEqual([1]);
  expect(values('gen_ai_server_request_duration_seconds_bucket', 'le="81.92"')).toEqual([1]);
});

test('a failed request has its status and no first token, events are no tokens, and the cache asked no model', async () => {
  const values = await counted([
    line({ status: 503, usage: {}, first_token: null }),
    line({ usage: { total_tokens: 9, counted_by: 'events' } }),
    line({ cache: 'hit' }),
  ]);
  expect(values('gen_ai_server_request_duration_seconds_count', 'error_type="503"')).toEqual([1]);
  expect(values('gen_ai_server_time_to_first_token_seconds_count')).toEqual([1]);
  expect(values('gen_ai_client_inference_operation_input_tokens_count')).toEqual([]);
  expect(values('gen_ai_server_time_per_output_token_seconds_count')).toEqual([]);
});

test('tokens of embeddings are counted apart, and there are none of an answer', async () => {
  const usage = { total_tokens: 8, prompt_tokens: 8, completion_tokens: 0, counted_by: 'usage' };
  const values = await counted([line({ path: '/v1/embeddings', usage, first_token: null })]);
  expect(values('gen_ai_client_embeddings_usage_input_tokens_total', 'gen_ai_operation_name="embeddings"')).toEqual([
    8,
  ]);
  expect(values('gen_ai_client_embeddings_operation_input_tokens_sum')).toEqual([8]);
  expect(values('gen_ai_client_inference_operation_input_tokens_count')).toEqual([]);
});

test('what ended before the program started is not counted, however often the log is read', async () => {
  const before = line({ time: '2026-11-28T09:59:59.000000Z', duration_ms: 900 });
  const across = line({ time: '2026-11-28T09:59:59.000000Z', duration_ms: 1100 });
  const values = await counted([before, across]);
  expect(values('gen_ai_server_request_duration_seconds_count')).toEqual([1]);
});

test('no client, model or release makes more series than the limit', async () => {
  const rows = Array.from({ length: 50 }, (_, index) =>
    line({ model: `m${index}`, version: `v${index}`, subject: `s${index}`, path: `/v1/${index}` }),
  );
  const values = await counted(rows, { most: 10 });
  expect(values('gen_ai_server_request_duration_seconds_count')).toHaveLength(11);
  expect(values('gen_ai_server_request_duration_seconds_count', 'service_version="_OTHER"')).toEqual([40]);
  // a path and a client are no labels of their own
  expect(values('gen_ai_server_request_duration_seconds_count', 'tenant_class="other"').length).toBe(10);
});

test('a class has names and beginnings of names, and the first that fits counts', () => {
  const classes = readTenantClasses('{"internal": ["svc-*"], "partner": ["acme", "svc-acme"]}', 'classes.json');
  expect(['svc-acme', 'acme', 'acme2', ''].map(client => tenantClass(classes, client))).toEqual([
    ...['internal', 'partner', 'other', 'other'],
  ]);
});

test.each([
  ['{', /classes\.json: .*JSON/],
  ['[]', /classes\.json: it is no object/],
  ['{"A B": []}', /the class "A B" is not of that form/],
  ['{"a": "ann"}', /the class "a" is not of that form/],
  [
    JSON.stringify(Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`c${index}`, []]))),
    /it has 17 classes/,
  ],
])('classes that are none, %s, are said with what the file takes', (text, expected) => {
  expect(() => readTenantClasses(text, 'classes.json')).toThrow(expected);
});
