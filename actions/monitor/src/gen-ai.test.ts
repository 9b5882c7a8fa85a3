import { engineProfile } from '@fairway/engines';
import { ClusterSeries } from '@fairway/indicators';
import { tinyService } from '../../../test/fixtures/service.ts';
import { genAi } from './gen-ai.ts';

const service = tinyService({ namespace: 'llm' });
const all = ClusterSeries.labelled();

test('an engine with histograms has every metric of the convention, by version and pod', () => {
  const { recordings, limitations } = genAi(service, engineProfile('vllm'), all);
  expect(limitations).toEqual([]);
  expect(recordings).toHaveLength(8);
  expect(recordings[0]).toEqual({
    record: 'gen_ai_server_time_to_first_token_seconds_bucket',
    expr: 'sum by (le, revision, pod) (vllm:time_to_first_token_seconds_bucket{job="fairway/llm/hello"})',
    labels: { gen_ai_request_model: service.model.name, service: 'hello', namespace: 'llm' },
  });
  expect(recordings.at(-1)).toMatchObject({
    record: 'gen_ai_client_inference_usage_output_tokens_total',
    labels: { gen_ai_token_modality: 'unknown' },
  });
});

test('where an engine counts tokens in a histogram, its sum is the counter', () => {
  expect(genAi(service, engineProfile('tgi'), all).recordings.at(-1)?.expr).toBe(
    'sum by (revision, pod) (tgi_request_generated_tokens_sum{job="fairway/llm/hello"})',
  );
});

test('what an engine does not measure is named, not recorded as nothing', () => {
  const { recordings, limitations } = genAi(service, engineProfile('llamacpp'), all);
  expect(recordings.map(({ record }) => record)).toEqual([
    'gen_ai_client_inference_usage_input_tokens_total',
    'gen_ai_client_inference_usage_output_tokens_total',
  ]);
  expect(limitations[0]).toMatch(/^llamacpp has no metric for gen_ai_server_time_to_first_token_seconds, /);
  expect(genAi(service, engineProfile('transformers'), all).recordings).toEqual([]);
});
