import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';

/** Why a service with `scaling.min: 0` cannot be at another gateway than Envoy Gateway; undefined for others. */
export function sleepProblem(service: Service, gateway: string): string | undefined {
  if (!sleeps(service)) return undefined;
  return `\`scaling.min: 0\` goes by what Envoy Gateway counts, and the gateway is one of ${gateway}. Set it to 1 or more in fairway.yaml, or name a Gateway of Envoy Gateway.`;
}
