import { startupLimits } from '@fairway/engines';
import { ConfigurationError } from '@fairway/service';
import type { Service } from '@fairway/service';
import { podCount, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Rendering, StageContext, StageResult } from '@fairway/stage';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import { watchRollout } from '@fairway/clients/kubernetes/rollout';
import { isReadyPod } from '@fairway/clients/kubernetes/workload';
import { applyByFolder, folderStays } from '@fairway/targets/rendering/by-folder';
import { startPods } from '@fairway/targets/workload/scaler';
import { notReady } from './not-ready.ts';
import { diagnosisOf, podsOf } from './rollout-evidence.ts';

/**
 * Has a version applied by the controller that reads the folder of `apply`, and watches it get ready. Nothing of the folder is changed in the
 * cluster.
 * @param expected outputs of the version once it is ready, and whether users have it already
 * @param token of the repository of `apply`
 * @throws ConfigurationError where nodes would need a Secret that only `deploy` could make
 */
export async function deployByFolder(
  service: Service & { readonly apply: NonNullable<Service['apply']> },
  { objects, versions, notes }: Rendering,
  {
    serving,
    ...expected
  }: { readonly revision: string; readonly previous: string; readonly pods: string; readonly serving: boolean },
  cluster: Cluster,
  context: StageContext,
  token: string | undefined,
): Promise<StageResult> {
  if (notes[0] !== undefined) throw new ConfigurationError(notes[0]);
  const { namespace, name } = service;
  const { signal } = context;
  const { progress } = context.log;
  const { folder } = context;
  const { repository } = service.apply;
  const written = await context.evidence('objects.json', 'application/json', JSON.stringify(objects, null, 2));
  const unseen = await applyByFolder(cluster, service, 'deploy', objects, context, { token, versions });
  if (unseen) return { verdict: 'inconclusive', reason: unseen, outputs: {}, evidence: [written] };
  const { revision } = expected;
  const deployment = versionName(name, revision);
  if (service.scaling && !serving) await startPods(cluster, service, revision);
  const watched = await watchRollout(cluster, {
    namespace,
    deployment,
    podLabels: revisionLabels(name, revision),
    limits: startupLimits(service),
    signal,
    progress,
  });
  if (watched.ready) {
    const pods = service.scaling ? String(watched.pods.filter(isReadyPod).length) : expected.pods;
    return {
      verdict: 'pass',
      reason: reasonOf('deploy.readyFrom', {
        ...{ version: deployment, pods: podCount(Number(pods)) },
        place: repository ? reasonOf('folder.of', { folder: service.apply.folder, repository }) : service.apply.folder,
      }),
      outputs: { ...expected, pods },
      evidence: [written, await podsOf(context, watched.pods)],
    };
  }
  const after = expected.previous ? [reasonOf('deploy.goesOn', { revision: expected.previous })] : [];
  return {
    verdict: 'fail',
    reason: notReady(deployment, watched, [folderStays(folder, service), ...after], context.record),
    outputs: {},
    ...(await diagnosisOf(context, watched, [], [written])),
  };
}
