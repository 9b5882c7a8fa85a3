import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';

/** Why a service with `scaling.min: 0` cannot be at another gateway than Envoy Gateway; undefined for others. */
export function sleepProblem(service: Service, gateway: string): Reason | undefined {
  if (!sleeps(service)) return undefined;
  return reasonOf('gateway.sleeps', { kind: gateway });
}
