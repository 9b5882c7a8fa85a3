import type { Deployment } from '../workload.ts';
import { final, passing, type Diagnosis } from './finding.ts';

/** Pods that the API server does not even take, as the controller reports them on the deployment. */
export function replicaFailure(deployment: Deployment): Diagnosis | undefined {
  const failed = deployment.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  if (!failed) return undefined;
  const words = failed.message ?? '';
  if (/quota/i.test(words)) return final(`The quota of the namespace does not allow the pods: ${words}`);
  if (/failed calling webhook|timeout|deadline exceeded|connection refused/i.test(words))
    return passing(`A webhook of the cluster does not answer, so that no pod can be made: ${words}`);
  if (/violates PodSecurity/i.test(words))
    return final(`The pod security of the namespace does not allow the pods: ${words}`);
  const webhook = /admission webhook "([^"]+)" denied/.exec(words)?.[1];
  if (webhook !== undefined) return final(`The admission webhook ${webhook} denies the pods: ${words}`);
  return final(`The cluster denies the pods: ${words}`);
}
