import { digestOf } from '@fairway/clients/registry/content';
import type { Ingest } from '@fairway/backstage-plugin-fairway-common';
import type { DeliveryRecord, StageEntry } from '@fairway/stage/record';
import { type StageName, stageOrder } from '@fairway/stage/verdict';

export const imageDigest = `sha256:${'5c'.repeat(32)}`;
export const commit = 'ca58f80f2117378b67eae20b9a5f197c1da3434a';

export const clusterUid = '2c1f6d8e-0a5b-4a53-9a55-6b1f0c5d7e11';

export interface SampleOptions {
  readonly id?: string;
  readonly service?: string;
  readonly owner?: string;
  /** Default: the name of the service. */
  readonly namespace?: string;
  /** Last stage that ran; default all. */
  readonly until?: StageName;
  /** When it began; each stage takes a minute. */
  readonly begun?: string;
  readonly revision?: string;
  /** UID of the cluster. */
  readonly cluster?: string;
}

/** A delivery as the stages write it: a CPU service whose load test met its objectives. */
export function sampleDelivery(options: SampleOptions = {}): Ingest {
  const { id = 'bc67e68ae4768199', service = 'hello-llm', owner = 'team-hello', revision = 'adb99f1d' } = options;
  const { namespace = service, cluster = clusterUid } = options;
  const evidence: Record<string, string> = {};
  const piece = (path: string, content: string) => {
    const digest = digestOf(content);
    evidence[digest] = content;
    return { mediaType: 'application/json', path: `evidence/${path}`, digest };
  };
  const outputs: Partial<Record<StageName, Record<string, string>>> = {
    prepare: { name: service, namespace, engine: 'llamacpp' },
    push: { reference: `registry.test/${service}@${imageDigest}`, digest: imageDigest },
    deploy: { revision },
    mesh: { url: 'http://127.0.0.1:17402' },
    release: { revision, weight: '100' },
  };
  const pieces: Partial<Record<StageName, () => StageEntry['evidence']>> = {
    prepare: () => [piece('prepare/service.json', serviceText(service, owner, namespace))],
    'load-test': () => [piece('load-test/load.json', loadText())],
  };
  const start = Date.parse(options.begun ?? '2026-11-25T09:21:00.000Z');
  const last = stageOrder.indexOf(options.until ?? 'release');
  const stages: DeliveryRecord['stages'] = {};
  for (const [index, name] of stageOrder.entries()) {
    if (index > last) break;
    stages[name] = {
      verdict: 'pass',
      reason: `${name} went well.`,
      key: digestOf(name),
      startedAt: new Date(start + index * 60_000).toISOString(),
      finishedAt: new Date(start + (index + 1) * 60_000).toISOString(),
      outputs: outputs[name] ?? {},
      evidence: pieces[name]?.() ?? [],
    };
  }
  const record: DeliveryRecord = {
    schemaVersion: 1,
    id,
    service: { name: service },
    ...(last >= stageOrder.indexOf('deploy') && { environment: 'staging', cluster }),
    source: { commit, digest: digestOf('source') },
    image: {},
    stages,
  };
  return { record, evidence };
}

/** The delivery with one stage changed. */
export function withStage(ingest: Ingest, name: StageName, change: Partial<StageEntry>): Ingest {
  const entry = ingest.record.stages[name];
  if (!entry) throw new Error(`${name} has not run in the sample`);
  return {
    ...ingest,
    record: { ...ingest.record, stages: { ...ingest.record.stages, [name]: { ...entry, ...change } } },
  };
}

function serviceText(name: string, owner: string, namespace: string): string {
  return JSON.stringify({
    name,
    owner,
    system: 'examples',
    namespace,
    engine: { name: 'llamacpp', arguments: [] },
    model: { name: 'hello-tiny', path: 'model/hello-tiny.gguf' },
    access: { hostname: 'hello.example' },
    resources: { replicas: 1, cpu: '500m', memory: '256Mi' },
    objectives: {
      availability: 99.5,
      timeToFirstToken: { percentile: 95, milliseconds: 1500 },
      interTokenLatency: { percentile: 90, milliseconds: 250 },
      goodput: 95,
      confidence: 95,
    },
    load: { outputTokens: 16 },
  });
}

/** Four requests of 16 tokens, one a second; the last fails. */
function loadText(): string {
  const requests = [20, 30, 40, 50].map((ttft, index) => ({
    scheduled: index * 1000,
    late: 0,
    ttftFromScheduled: ttft,
    duration: 1000,
    tokens: 16,
    ...(index === 3 ? { error: 'status' } : {}),
  }));
  return JSON.stringify({ checks: [{ name: 'goodput', value: 75, unit: '%' }], requests });
}
