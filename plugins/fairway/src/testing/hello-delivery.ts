import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import type { StageEntry } from '@fairway/stage/record';
import { stageOrder } from '@fairway/stage/verdict';
import type { StageName } from '@fairway/stage/verdict';
import type { Answers } from './fake-fairway.ts';
import { helloEvidence } from './hello-evidence.ts';

const outputs: Partial<Record<StageName, Record<string, string>>> = {
  build: { size: '194171096' },
  scan: { findings: '3', blocking: '0' },
  'load-test': { 'ttft-p95': '32.5', goodput: '100' },
};

/** The fake digest of a path, the same for every delivery. */
export const digestOf = (path: string) => `sha256:${[...path].map(one => one.charCodeAt(0).toString(16)).join('')}`;

function stage(name: StageName, index: number): StageEntry {
  const kept = Object.keys(helloEvidence).filter(path => path.startsWith(`evidence/${name}/`));
  return {
    verdict: 'pass',
    reason: `${name} is done.`,
    key: 'sha256:00',
    startedAt: `2026-11-25T09:${10 + index}:00.000Z`,
    finishedAt: `2026-11-25T09:${10 + index}:12.000Z`,
    outputs: outputs[name] ?? {},
    evidence: [
      ...kept.map(path => ({ mediaType: 'application/json', path, digest: digestOf(path) })),
      ...(name === 'build'
        ? [{ mediaType: 'application/vnd.cyclonedx+json', path: 'evidence/build/sbom.cdx.json', digest: 'sha256:bbb' }]
        : []),
    ],
  };
}

/** A delivery of hello-llm that passed every stage. */
export function helloDelivery(changes: Partial<Delivery> = {}): Delivery {
  return {
    id: 'bc67e68ae4768199',
    service: 'hello-llm',
    verdict: 'pass',
    reason: 'adb99f1d has all traffic.',
    commit: 'ca58f80f2117378b67eae20b9a5f197c1da3434a',
    digest: 'sha256:5c62f7465b95eef8',
    startedAt: '2026-11-25T09:10:00.000Z',
    finishedAt: '2026-11-25T09:20:12.000Z',
    origin: 'laptop',
    again: 'command',
    record: {
      schemaVersion: 1,
      id: 'bc67e68ae4768199',
      service: { name: 'hello-llm' },
      source: { commit: 'ca58f80f2117378b67eae20b9a5f197c1da3434a' },
      image: {},
      stages: Object.fromEntries(stageOrder.map((name, index) => [name, stage(name, index)])),
    },
    stored: Object.keys(helloEvidence).map(digestOf),
    ...changes,
  };
}

/** A backend that knows these deliveries, newest first. */
export function deliveryAnswers(deliveries: readonly Delivery[]): Answers {
  return {
    deliveries: () => ({ items: [...deliveries] }),
    delivery: ({ path }) => {
      const found = deliveries.find(one => one.id === path.id);
      if (!found) throw new Error(`There is no delivery ${path.id}.`);
      return found;
    },
    evidence: ({ path }) => {
      const found = Object.entries(helloEvidence).find(([name]) => digestOf(name) === path.digest);
      if (!found) throw new Error(`There is no evidence ${path.digest}.`);
      return { mediaType: 'application/json', content: found[1] };
    },
  };
}
