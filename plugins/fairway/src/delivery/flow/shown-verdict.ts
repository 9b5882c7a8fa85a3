import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { stageOrder } from '@fairway/stage/verdict';
import type { StageName } from '@fairway/stage/verdict';
import type { ShownVerdict } from '../../view/verdict.tsx';

/** What a stage said; in a delivery that goes on, the one after the last that ended is the one that runs. */
export function shownVerdict(delivery: Pick<Delivery, 'verdict' | 'record'>, stage: StageName): ShownVerdict {
  const { stages } = delivery.record;
  const ended = stageOrder.findLastIndex(name => stages[name] && !stages[name].stale);
  if (delivery.verdict === 'running' && stageOrder[ended + 1] === stage) return 'running';
  return stages[stage]?.verdict ?? 'none';
}
