import { startupHint, startupLimits } from '@fairway/engines';
import { ConfigurationError } from '@fairway/service';
import type { Service } from '@fairway/service';
import type { Rendering, StageContext, StageResult } from '@fairway/stage';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import { watchRollout } from '@fairway/clients/kubernetes/rollout';
import { applyByFolder, folderStays } from '@fairway/targets/rendering/by-folder';
import { diagnosisOf, podsOf } from './rollout-evidence.ts';

/**
 * Has a version applied by the controller that reads the folder of `apply`, and watches it get ready. Nothing is changed in the cluster.
 * @param outputs of a version that is ready
 * @throws ConfigurationError where nodes would need a Secret that only `deploy` could make
 */
export async function deployByFolder(
  service: Service & { readonly apply: NonNullable<Service['apply']> },
  { objects, versions, notes }: Rendering,
  outputs: { readonly revision: string; readonly previous: string; readonly pods: string },
  cluster: Cluster,
  context: StageContext,
): Promise<StageResult> {
  if (notes[0] !== undefined) throw new ConfigurationError(notes[0]);
  const { namespace, name } = service;
  const { signal } = context;
  const { progress } = context.log;
  const written = await context.evidence('objects.json', 'application/json', JSON.stringify(objects, null, 2));
  const { folder } = context;
  const unseen = await applyByFolder(cluster, service, 'deploy', objects, { folder, versions, signal, progress });
  if (unseen) return { verdict: 'inconclusive', reason: unseen, outputs: {}, evidence: [written] };
  const deployment = versionName(name, outputs.revision);
  const watched = await watchRollout(cluster, {
    namespace,
    deployment,
    podLabels: revisionLabels(name, outputs.revision),
    limits: startupLimits(service),
    signal,
    progress,
  });
  if (watched.ready)
    return {
      verdict: 'pass',
      reason: `${deployment} is ready with ${outputs.pods} pod${outputs.pods === '1' ? '' : 's'}, applied from ${service.apply.folder}.`,
      outputs,
      evidence: [written, await podsOf(context, watched.pods)],
    };
  const after = outputs.previous ? ` The version ${outputs.previous} goes on serving.` : '';
  return {
    verdict: 'fail',
    reason: `${deployment} did not become ready: ${watched.cause}${watched.exceeded ? ` ${startupHint(watched.exceeded)}` : ''} ${folderStays(folder, service)}${after}`,
    outputs: {},
    ...(await diagnosisOf(context, watched, [], [written])),
  };
}
