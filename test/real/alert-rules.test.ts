import { join } from 'node:path';
import { engineProfile } from '@fairway/engines';
import { storedSeries } from '@fairway/indicators';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { envoyGateway } from '@fairway/targets/gateway/envoy/target';
import { istioGateway } from '@fairway/targets/gateway/istio/target';
import { stringify } from 'yaml';
import { check } from '../../actions/monitor/src/check.ts';
import { indicatorsOf } from '../../actions/monitor/src/indicators.ts';
import { ruleTests } from '../../actions/monitor/src/rule-tests.ts';
import { ruleGroups } from '../../actions/monitor/src/rules.ts';
import { nothingAsked } from '../../actions/monitor/src/operator-selectors.ts';
import { derive, watched } from '../../actions/monitor/src/derived.ts';
import { tinyService } from '../fixtures/service.ts';

jest.setTimeout(300_000);

const signal = new AbortController().signal;
const mesh = { mtls: 'istio' };
const gpu = { resources: { gpu: { class: 'nvidia-h100-80gb', count: 1 } } };
let promtool: string;

beforeAll(async () => {
  const parts = await ensureParts(
    machineParts.filter(part => part.name === 'monitoring'),
    { folder: partsFolder(platformFolders()), signal, progress: () => undefined },
  );
  promtool = join(parts.get('monitoring') ?? '', 'usr/bin/promtool');
});

// what decides which rules there are: mesh, GPU, gateway, and a store of several clusters
test.each([
  ['of a mesh', { mesh }, envoyGateway],
  ['of a mesh, at a gateway of Istio', { mesh }, istioGateway],
  ['at a gateway of Istio', {}, istioGateway],
  ['with GPUs', { engine: { name: 'vllm' }, ...gpu }, envoyGateway],
  ['at a gateway of its team', { gateway: { own: 'X' } }, envoyGateway],
  ['in one store with other clusters', { monitoring: { labels: { cluster: 'prod' } }, mesh }, envoyGateway],
])('the rules of a service %s do what their cases say', async (_, more, gateway) => {
  const service = tinyService({ namespace: 'llm', ...more });
  const what = watched(service, engineProfile(service.engine.name), '1a2b3c4d', gateway, 'files', false, nothingAsked);
  const derived = await derive(undefined, what);
  await holds(derived.rules, derived.tests);
});

test('the rules on the histograms of an engine do what their cases say', async () => {
  const service = tinyService({ namespace: 'llm', engine: { name: 'vllm' }, ...gpu });
  const profile = engineProfile('vllm');
  const series = storedSeries(service);
  // edges as vLLM has them, around the limits of 1.5 s and 0.25 s
  const edges = new Map([
    ['vllm:time_to_first_token_seconds', ['1.0', '2.5', '+Inf']],
    ['vllm:inter_token_latency_seconds', ['0.2', '0.3', '+Inf']],
  ]);
  const indicators = indicatorsOf(service, profile, envoyGateway, edges, series);
  const groups = ruleGroups(service, profile, envoyGateway, indicators, series);
  await holds(stringify({ groups }), file => ruleTests(service, profile, envoyGateway, indicators, series, file));
});

async function holds(rules: string, tests: (file: string) => readonly string[]): Promise<void> {
  const found = await check(promtool, { rules, scrape: stringify({ scrape_configs: [] }), tests }, signal);
  expect(found).toMatchObject({ problem: undefined });
}
