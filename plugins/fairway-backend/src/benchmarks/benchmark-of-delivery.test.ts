import { parseServiceFacts } from '../deliveries/service-facts.ts';
import { sampleDelivery, withStage } from '../testing/sample-delivery.ts';
import { benchmarkOfDelivery, loadEvidence } from './benchmark-of-delivery.ts';
import { engineVersion } from './engine-version.ts';

const { record, evidence } = sampleDelivery();
const [serviceText = ''] = Object.values(evidence);
const facts = parseServiceFacts(serviceText, 'hello-llm');
const load = evidence[loadEvidence(record) ?? ''] ?? '';

test('the figures follow from the requests of the load test', () => {
  expect(benchmarkOfDelivery(record, facts, load, '5.0')).toEqual({
    engine: 'llamacpp',
    version: '5.0',
    model: 'hello-tiny',
    hardware: 'CPU 500m',
    source: record.id,
    measuredAt: '2026-11-25T09:31:00.000Z',
    // three answers of 16 tokens in four seconds
    tokensPerSecond: 12,
    timeToFirstTokenP95: 40,
    goodput: 75,
  });
  const gpu = { ...facts, resources: { cpu: '4', gpu: { class: 'nvidia-h100-80gb', count: 2 } } };
  expect(benchmarkOfDelivery(record, gpu, load, undefined)).toMatchObject({
    hardware: '2 × nvidia-h100-80gb',
    version: 'image 5c5c5c5c5c5c',
  });
});

test('a missed objective or a load test without figures makes no measurement', () => {
  expect(loadEvidence(withStage({ record, evidence }, 'load-test', { verdict: 'fail' }).record)).toBeUndefined();
  expect(loadEvidence(withStage({ record, evidence }, 'load-test', { stale: true }).record)).toBeUndefined();
  expect(benchmarkOfDelivery(record, facts, '{"requests":[]}', '1')).toBeUndefined();
  expect(benchmarkOfDelivery(record, facts, 'no JSON', '1')).toBeUndefined();
});

test('the version of the engine is what the bill of materials says', () => {
  const bill = JSON.stringify({
    components: [
      { name: 'torch', version: '2.9' },
      { name: 'vllm', version: '0.32.1' },
    ],
  });
  expect(engineVersion('vllm', bill)).toBe('0.32.1');
  expect(engineVersion('tgi', bill)).toBeUndefined();
  expect(engineVersion('tgi', '<bom/>')).toBeUndefined();
});
