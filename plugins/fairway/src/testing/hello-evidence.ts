import { reasonOf } from '@fairway/service/reasons/reason';

/** What the stages of a delivery write, shortened. */
const scanned = (findings: readonly object[]) =>
  JSON.stringify({
    image: 'hello-llm:ae37742710a8',
    scanner: { name: 'trivy', version: '0.58.1' },
    databaseDate: '2026-11-23T11:22:37Z',
    findings,
  });

const apt = {
  id: 'CVE-2026-109518',
  severity: 'medium',
  package: 'apt',
  installed: '2.6.1',
  fixed: '2.6.2',
  url: 'https://security-tracker.debian.org/tracker/CVE-2026-109518',
};
const perl = { ...apt, id: 'CVE-2025-15649', severity: 'high', package: 'libperl5.36', installed: '5.36.0-7' };

/** By the path under which the record names it. */
export const helloEvidence: Readonly<Record<string, string>> = {
  'evidence/prepare/model.json': JSON.stringify({ format: 'gguf', parameters: 1_414_400 }),
  'evidence/prepare/gpu-fit.json': JSON.stringify({
    sentence: 'No GPU is asked for.',
    coded: reasonOf('prepare.noGpu'),
    estimate: { sum: 'weights 5.4 MiB + KV cache 8.0 MiB = 1.0 GiB' },
  }),
  'evidence/build/layers.json': JSON.stringify([
    { createdBy: 'COPY model/ /models/ # buildkit', size: 5_669_504 },
    { createdBy: '', size: 178_856_152 },
  ]),
  'evidence/scan/findings.json': scanned([apt, perl]),
  'evidence/remediate/findings-before.json': scanned([apt, perl]),
  'evidence/remediate/findings-after.json': scanned([apt]),
  'evidence/remediate/fix-plan.json': JSON.stringify({
    steps: [
      {
        image: 'hello-llm:ae37742710a8-1',
        plan: [
          {
            action: 'upgrade',
            package: 'libperl5.36',
            installed: '5.36.0-7',
            atLeast: '5.36.0-8',
            findings: [perl.id],
          },
        ],
      },
    ],
    left: [{ action: 'unfixable-now', package: 'apt', because: 'no fix is known', findings: [apt.id] }],
  }),
  'evidence/optimize/size.json': JSON.stringify({
    sizeBefore: 259_819_581,
    sizeAfter: 149_191_839,
    layersBefore: 4,
    layersAfter: 2,
    answerAfter: { text: 'Hello! I know only a pod of your cluster.' },
  }),
  'evidence/push/referrers.json': JSON.stringify({
    reference: '127.0.0.1:5000/hello-llm@sha256:5c62f7465b95',
    referrers: [
      { title: 'provenance.json', digest: 'sha256:e314efe89a4e2fa6', artifactType: 'application/vnd.in-toto+json' },
    ],
  }),
  'evidence/deploy/objects.json': JSON.stringify([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'hello-llm' } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'hello-llm-adb99f1d', namespace: 'hello-llm' } },
  ]),
  'evidence/deploy/pods.json': JSON.stringify([
    { name: 'hello-llm-adb99f1d-qx9bz', images: ['hello-llm@sha256:5c62'] },
  ]),
  'evidence/deploy/diagnosis.json': JSON.stringify({ cause: 'The image cannot be pulled.', logs: ['no space left'] }),
  'evidence/mesh/probes.json': JSON.stringify({
    url: 'http://127.0.0.1:8080',
    probes: [
      {
        ...{ name: 'no token', expected: 'HTTP 401', seen: 'HTTP 401', holds: true },
        coded: { name: reasonOf('probe.noToken') },
      },
      {
        ...{ name: 'SQL injection in the query', expected: 'HTTP 403', seen: 'HTTP 200', holds: false },
        coded: { name: reasonOf('probe.injectionInQuery') },
      },
    ],
  }),
  'evidence/load-test/load.json': JSON.stringify({
    load: { requestsPerSecond: 2, seconds: 15 },
    checks: [
      {
        ...{ name: 'time to first token, p95', unit: 'ms', value: 32.53, low: 27.93, high: 35.93 },
        ...{ target: 50, direction: 'at most', verdict: 'pass' },
      },
      {
        ...{ name: 'inter-token latency, p95', unit: 'ms', value: 0.72, low: 0.6, high: 0.88 },
        ...{ target: 250, direction: 'at most', verdict: 'pass' },
      },
    ],
    achievedRate: 2.2752,
    requests: [
      { ttftFromScheduled: 25.95, itl: [0.1, 0.27], status: 200 },
      { ttftFromScheduled: 32.53, itl: [0.09, 0.16], status: 200 },
      { itl: [], status: 503 },
    ],
  }),
  'evidence/release/steps.json': JSON.stringify({
    candidate: 'adb99f1d',
    stable: '11223344',
    steps: [
      {
        weight: 25,
        seconds: 21,
        users: 180,
        synthetic: 215,
        decisions: [
          { name: 'availability', verdict: 'pass', events: 395, bad: 0 },
          { name: 'time-to-first-token', verdict: 'pass', events: 395, bad: 4 },
        ],
        paces: { 'time-to-first-token': { milliseconds: 25, ofStable: 10 } },
      },
      // as it was written before users were counted
      { weight: 100, seconds: 5, requests: [{ error: 'HTTP 503' }], objection: '1 of 1 requests failed: HTTP 503' },
    ],
  }),
};
