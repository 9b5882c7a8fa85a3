import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { DeliveryRecord } from '@fairway/stage';
import type { Deployment } from '@fairway/clients/kubernetes/index';
import { revisionLabel } from '@fairway/clients/kubernetes/names';
import { desiredPods } from '@fairway/targets/workload/pods';

/** How long the pods of a version that sleeps took to start: now, or else when they last did. */
export function coldStart(
  service: Service,
  before: readonly Deployment[],
  revision: string,
  seconds: number,
  record: DeliveryRecord,
): { readonly 'cold-start'?: string } {
  if (!sleeps(service)) return {};
  const there = before.find(one => one.metadata.labels?.[revisionLabel] === revision);
  const former = record.stages.deploy?.outputs['cold-start'];
  if (desiredPods(there) === 0) return { 'cold-start': String(Math.ceil(seconds)) };
  return former === undefined ? {} : { 'cold-start': former };
}

/** What a first user waits; empty where that is not known. */
export function asleep({ scaling }: Service, seconds: string | undefined): readonly Reason[] {
  if (seconds === undefined) return [];
  return [reasonOf('deploy.sleeps', { idle: scaling?.idleSeconds ?? 0, seconds })];
}
