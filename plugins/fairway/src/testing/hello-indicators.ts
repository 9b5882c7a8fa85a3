import type { ResponseOf, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';

/** Four moments of a service on an engine with histograms; the third has no data. */
export function helloIndicators(changes: Partial<ResponseOf<'indicators'>> = {}): ResponseOf<'indicators'> {
  const values = (...four: (number | null)[]) => four;
  return {
    cluster: 'east',
    clusters: ['east'],
    state: 'live',
    from: Date.parse('2026-11-26T12:00:00Z') / 1000,
    step: 60,
    objectives: [
      {
        name: 'availability',
        allowed: 0.005,
        bad: values(0, 0.001, null, 0.002),
        badLastHour: 0.001,
        budgetLeft: values(0.9, 0.8, null, 0.62),
      },
      {
        name: 'time-to-first-token',
        allowed: 0.05,
        milliseconds: 500,
        bad: values(0.02, 0.04, null, 0.08),
        badLastHour: 0.08,
        budgetLeft: values(0.4, 0.1, null, -0.2),
      },
      { name: 'goodput', allowed: 0.05 },
    ],
    latencies: [
      {
        name: 'time-to-first-token',
        limit: { percentile: 95, milliseconds: 500 },
        lines: [
          { percentile: 50, values: values(120, 130, null, 140) },
          { percentile: 99, values: values(400, 500, null, 1200) },
        ],
      },
    ],
    requests: values(2, 2.5, null, 3),
    versions: [{ revision: 'adb99f1d', values: values(40, 50, null, 60) }],
    ...changes,
  };
}

export function helloSummary(changes: Partial<ServiceSummary> = {}): ServiceSummary {
  return {
    name: 'hello-llm',
    namespace: 'hello-llm',
    owner: 'team-hello',
    engine: 'vllm',
    model: 'hello-tiny',
    url: 'https://hello.example.com',
    state: 'serving',
    places: [],
    released: { revision: 'adb99f1d', digest: 'sha256:5c62', since: '2026-11-25T09:20:12.000Z' },
    lastDelivery: { id: 'bc67e68ae4768199', verdict: 'pass', finishedAt: '2026-11-25T09:20:12.000Z' },
    ...changes,
  };
}
