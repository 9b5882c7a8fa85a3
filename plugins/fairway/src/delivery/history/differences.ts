import type { Delivery, DeliveryVerdict } from '@fairway/backstage-plugin-fairway-common';
import { stageOrder } from '@fairway/stage/verdict';
import type { StageName } from '@fairway/stage/verdict';

export type Side = { readonly verdict: DeliveryVerdict } | { readonly text: string } | undefined;

export interface Difference {
  readonly of: 'delivery' | 'image' | 'commit' | StageName;
  /** One of the stage's outputs, where it is not its verdict that differs. */
  readonly figure?: string;
  readonly older: Side;
  readonly newer: Side;
}

/** Figures of a stage that say how the service is; names and addresses among the outputs do not. */
const figures: Partial<Record<StageName, readonly string[]>> = {
  build: ['size'],
  scan: ['findings', 'fixable', 'blocking'],
  remediate: ['before', 'after'],
  optimize: ['size-before', 'size-after', 'size-stored', 'compression'],
  deploy: ['cold-first-token'],
  mesh: ['probes'],
  monitor: ['rules'],
  'load-test': ['ttft-p95', 'itl-p95', 'goodput', 'achieved-rate'],
};

/** What changed from one delivery to the next: verdicts, image, commit, findings, sizes and results of the load test. */
export function differences(older: Delivery, newer: Delivery): readonly Difference[] {
  const all: Difference[] = [
    { of: 'delivery', older: { verdict: older.verdict }, newer: { verdict: newer.verdict } },
    { of: 'commit', older: text(older.commit), newer: text(newer.commit) },
    { of: 'image', older: text(older.digest), newer: text(newer.digest) },
    ...stageOrder.flatMap(stage => stageRows(stage, older, newer)),
  ];
  return all.filter(row => JSON.stringify(row.older) !== JSON.stringify(row.newer));
}

function stageRows(stage: StageName, older: Delivery, newer: Delivery): readonly Difference[] {
  const [was, is] = [older.record.stages[stage], newer.record.stages[stage]];
  return [
    { of: stage, older: was && { verdict: was.verdict }, newer: is && { verdict: is.verdict } },
    ...(figures[stage] ?? []).map(name => ({
      of: stage,
      figure: name,
      older: text(was?.outputs[name]),
      newer: text(is?.outputs[name]),
    })),
  ];
}

function text(value: string | undefined): Side {
  return value ? { text: value } : undefined;
}
