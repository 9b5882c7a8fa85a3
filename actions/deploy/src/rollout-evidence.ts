import type { Evidence, StageContext } from '@fairway/stage';
import type { RolloutResult } from '@fairway/clients/kubernetes/rollout';
import type { Pod } from '@fairway/clients/kubernetes/workload';

/** Which images the pods of a version run. */
export function podsOf(context: StageContext, pods: readonly Pod[]): Promise<Evidence> {
  const running = pods.map(pod => ({
    name: pod.metadata.name,
    images: pod.status?.containerStatuses?.map(status => status.imageID),
  }));
  return context.evidence('pods.json', 'application/json', JSON.stringify(running, null, 2));
}

/** Why a version did not get ready: evidence, log and summary. */
export async function diagnosisOf(
  context: StageContext,
  { cause, coded, logs }: Pick<Extract<RolloutResult, { readonly ready: false }>, 'cause' | 'coded' | 'logs'>,
  removed: readonly string[],
  evidence: readonly Evidence[],
): Promise<{ readonly evidence: readonly Evidence[]; readonly summary?: string }> {
  const diagnosis = await context.evidence(
    'diagnosis.json',
    'application/json',
    JSON.stringify({ cause, ...(typeof coded === 'object' && { coded }), logs: logs.split('\n'), removed }, null, 2),
  );
  if (logs) context.log.info(`Log lines of the container:\n${logs}`);
  return {
    evidence: [...evidence, diagnosis],
    ...(logs ? { summary: `Log lines of the container:\n\n\`\`\`\n${logs}\n\`\`\`` } : {}),
  };
}
