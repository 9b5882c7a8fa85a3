import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { helloEvidence } from '../../../plugins/fairway/src/testing/hello-evidence.ts';
import { goodput } from './stage-reasons.ts';

/** Of 1,200 requests with a token within 500 ms, or not: every 39th, which makes the goodput that the load test says. */
const firstTokens = Array.from({ length: 1200 }, (_, at) => (at % 39 === 20 ? 620 : 120 + ((at * 37) % 260)));

/** What the sample of the tests shows of stages that failed, as it is where they passed. */
const passed = {
  'evidence/mesh/probes.json': {
    url: 'http://127.0.0.1:8080',
    probes: [
      { name: 'no token', answer: 401, coded: { name: reasonOf('probe.noToken') } },
      { name: 'SQL injection in the query', answer: 403, coded: { name: reasonOf('probe.injectionInQuery') } },
    ].map(({ answer, ...probe }) => ({ ...probe, expected: `HTTP ${answer}`, seen: `HTTP ${answer}`, holds: true })),
  },
  'evidence/load-test/load.json': {
    load: { requestsPerSecond: 20, seconds: 60 },
    checks: [
      { name: 'time to first token, p95', unit: 'ms', value: 373, low: 368, high: 377, target: 500 },
      { name: 'inter-token latency, p95', unit: 'ms', value: 31, low: 30, high: 31, target: 100 },
      { name: 'goodput', unit: '%', value: Number(goodput), low: 96.3, high: 98.2, target: 95 },
    ].map(check => ({ ...check, direction: check.unit === '%' ? 'at least' : 'at most', verdict: 'pass' })),
    achievedRate: 20,
    requests: firstTokens.map((ttftFromScheduled, at) => ({
      ...{ ttftFromScheduled, itl: [18 + (at % 7), 22 + (at % 10)], status: 200 },
    })),
  },
};

/** What the stages of a delivery that passed draw, by the names under which they write it. */
export function drawings(service: string, revision: string): ReadonlyMap<string, string> {
  const steps = { candidate: revision, stable: '11223344', steps: [25, 100].map(stepOf) };
  const texts = {
    ...helloEvidence,
    ...Object.fromEntries(Object.entries(passed).map(([path, content]) => [path, JSON.stringify(content)])),
    'evidence/release/steps.json': JSON.stringify(steps),
  };
  return new Map(
    Object.entries(texts)
      // of a deployment that failed
      .filter(([path]) => path !== 'evidence/deploy/diagnosis.json')
      .map(([path, text]) => [path, text.replaceAll('hello-llm', service).replaceAll('adb99f1d', revision)]),
  );
}

/** A step in which no objective was missed. */
function stepOf(weight: number): object {
  const events = 395 * (weight / 25);
  return {
    ...{ weight, seconds: 21, users: events - 215, synthetic: 215 },
    decisions: [
      { name: 'availability', verdict: 'pass', events, bad: 0 },
      { name: 'time-to-first-token', verdict: 'pass', events, bad: weight / 25 },
    ],
  };
}
