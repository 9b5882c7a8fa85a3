import { digestOf } from '@fairway/clients/registry/content';
import type { Ingest } from '@fairway/backstage-plugin-fairway-common';
import { stageOrder } from '@fairway/stage/verdict';
import { sampleDelivery, withStage } from '../../../plugins/fairway-backend/src/testing/sample-delivery.ts';
import { drawings } from './drawings.ts';
import { type FleetService, namespace, released } from './services.ts';
import { goodput, missed, said, stageReasons } from './stage-reasons.ts';

/** Of a release that went back. */
const rejected = '5e6f7a8b';

/** The last delivery of a service: a week's worth of them passed, some failed, one runs. */
export function deliveryOf(service: FleetService, index: number, cluster: string): Ingest {
  const { name, team, engine } = service;
  const runs = name === 'summaries';
  const begun = new Date(Date.now() - (runs ? 4 * 60_000 : (index + 1) * 3 * 3_600_000)).toISOString();
  const failed = index % 13 === 7;
  const revision = failed ? rejected : released;
  const options = { id: `${name}-1`, service: name, owner: team, namespace, revision, begun };
  let made = sampleDelivery({ ...options, ...(runs && { until: 'scan' as const }) });
  const reasons = stageReasons(revision);
  for (const stage of stageOrder) {
    const reason = reasons[stage];
    if (reason && made.record.stages[stage]) made = withStage(made, stage, said(reason));
  }
  const text = JSON.stringify({
    ...{ name, owner: team, namespace, engine: { name: engine, arguments: [] }, model: { name } },
    access: { hostname: `${name}.example.com` },
    resources: { replicas: service.pods, cpu: '8', memory: '64Gi' },
    objectives: {
      ...{ availability: 99.5, goodput: 95, confidence: 95 },
      timeToFirstToken: { percentile: 95, milliseconds: 500 },
      interTokenLatency: { percentile: 95, milliseconds: 100 },
    },
    load: { outputTokens: 64 },
  });
  const digest = digestOf(text);
  const described = withStage(made, 'prepare', {
    evidence: [{ mediaType: 'application/json', path: 'evidence/prepare/service.json', digest }],
  });
  const load = described.record.stages['load-test'];
  const tested = load ? withStage(described, 'load-test', { outputs: { goodput } }) : described;
  const ended = failed ? withStage(tested, 'release', { verdict: 'fail', ...said(missed) }) : tested;
  const whole = { record: ended.record, evidence: { [digest]: text } };
  const { record, evidence } = name === 'chat' ? withDrawings(whole, revision) : whole;
  return { record: { ...record, ...(record.cluster && { cluster, environment: 'production' }) }, evidence };
}

/** With what the stages draw. */
function withDrawings(ingest: Ingest, revision: string): Ingest {
  const evidence = { ...ingest.evidence };
  const drawn = drawings(ingest.record.service.name, revision);
  let made = ingest;
  for (const name of stageOrder) {
    const pieces = [...drawn].filter(([path]) => path.startsWith(`evidence/${name}/`));
    const entries = pieces.map(([path, text]) => ({ mediaType: 'application/json', path, digest: digestOf(text) }));
    for (const [, text] of pieces) evidence[digestOf(text)] = text;
    const others = (made.record.stages[name]?.evidence ?? []).filter(
      one => !entries.some(({ path }) => path === one.path),
    );
    made = withStage(made, name, { evidence: [...others, ...entries] });
  }
  return { record: made.record, evidence };
}
