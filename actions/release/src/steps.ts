import type { Service } from '@fairway/service';
import type { InferenceEndpoint } from '@fairway/clients/inference/index';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { versionName } from '@fairway/clients/kubernetes/names';
import { isReady } from '@fairway/clients/kubernetes/workload';
import type { Deployment } from '@fairway/clients/kubernetes/workload';
import { observe } from './observation.ts';
import type { Observed, ObserveOptions } from './observation.ts';
import { objectionToStep } from './step-judgement.ts';
import type { Traffic } from './traffic.ts';

export interface StepResult {
  readonly weight: number;
  readonly seconds: number;
  readonly requests: readonly Observed[];
  /** Why the release ends here. */
  readonly objection: string | undefined;
}

export interface StepsOptions extends Pick<ObserveOptions, 'headers' | 'expectDone' | 'signal' | 'progress'> {
  readonly candidate: string;
  /** The version that gives its traffic up; undefined on a first release, where there is nothing to weigh. */
  readonly stable: string | undefined;
}

/** Moves the traffic step by step and judges each before the next; ends at the first objection. */
export async function walkSteps(
  cluster: Cluster,
  traffic: Traffic,
  endpoint: InferenceEndpoint,
  service: Service,
  options: StepsOptions,
): Promise<readonly StepResult[]> {
  const { candidate, stable } = options;
  const results: StepResult[] = [];
  // with nobody to share with, every step is the last one
  const steps = stable ? service.release.steps : service.release.steps.slice(-1);
  for (const { weight, seconds } of steps) {
    if (stable)
      await traffic.set(
        new Map([
          [candidate, weight],
          [stable, 100 - weight],
        ]),
      );
    const requests = await observe(endpoint, service, {
      ...options,
      seconds,
      progress: message => options.progress(`${weight} %: ${message}`),
    });
    const objection =
      objectionToStep(requests, candidate, service.objectives) ?? (await notReady(cluster, service, candidate));
    results.push({ weight, seconds, requests, objection });
    if (objection) break;
  }
  return results;
}

async function notReady(cluster: Cluster, service: Service, revision: string): Promise<string | undefined> {
  const name = versionName(service.name, revision);
  const deployment = await cluster.get<Deployment>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: service.namespace },
  });
  if (!deployment) return `the deployment ${service.namespace}/${name} is gone`;
  return isReady(deployment) ? undefined : `the deployment ${service.namespace}/${name} is no longer ready`;
}
