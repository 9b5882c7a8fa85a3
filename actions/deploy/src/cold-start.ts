import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
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

/** What a first user waits, in words; empty where that is not known. */
export function asleepText({ scaling }: Service, seconds: string | undefined): string {
  if (seconds === undefined) return '';
  return ` It sleeps after ${scaling?.idleSeconds} s in which nobody asks, and whoever asks then waits for a start, which took ${seconds} s.`;
}
