import { quantity } from './node-room.ts';
import type { PodNeed } from './pod-need.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';

type Quantities = Readonly<Record<string, string>>;

/** One item of a LimitRange: what it says of each container or of each pod. */
export interface LimitRangeItem {
  readonly type: string;
  readonly max?: Quantities;
  readonly min?: Quantities;
  /** Limits of containers that have none; the API server fills in `max`. */
  readonly default?: Quantities;
  readonly maxLimitRequestRatio?: Quantities;
}

/** The CPU limit that containers without one get; undefined where they get none. */
export function defaultCpuLimit(items: readonly LimitRangeItem[]): string | undefined {
  const own = items.filter(({ type }) => type === 'Container');
  return own.map(item => item.default?.['cpu'] ?? item.max?.['cpu']).find(limit => limit !== undefined);
}

/**
 * Why the limits of a namespace deny the pods of a service, as a part of a sentence; undefined where they do not. As
 * plugin/pkg/admission/limitranger of Kubernetes decides: the engine is the only container, its limits are its requests, and of CPU it has no limit.
 */
export function deniedByLimits(items: readonly LimitRangeItem[], { resources }: PodNeed): Reason | undefined {
  const given = defaultCpuLimit(items);
  const asked = (resource: string): number => resources.get(resource) ?? 0;
  if (given !== undefined && quantity(given) < asked('cpu')) return reasonOf('limits.cpu', { limit: given });
  const limitOf = (resource: string): number | undefined => {
    if (resource !== 'cpu') return asked(resource);
    return given === undefined ? undefined : quantity(given);
  };
  for (const { type, max = {}, min = {}, maxLimitRequestRatio: ratios = {} } of items) {
    if (type !== 'Container' && type !== 'Pod') continue;
    const each = type === 'Container' ? reasonOf('limits.container') : reasonOf('limits.pod');
    for (const [resource, most] of Object.entries(max)) {
      if (!resources.has(resource)) continue;
      const limit = limitOf(resource);
      if (limit === undefined) return reasonOf('limits.unlimited', { each, resource, most });
      if (limit > quantity(most)) return reasonOf('limits.most', { each, resource, most });
    }
    for (const [resource, least] of Object.entries(min))
      if (resources.has(resource) && asked(resource) < quantity(least))
        return reasonOf('limits.least', { each, resource, least });
    for (const [resource, ratio] of Object.entries(ratios)) {
      if (!resources.has(resource)) continue;
      const limit = limitOf(resource);
      if (limit === undefined || limit > quantity(ratio) * asked(resource))
        return reasonOf('limits.ratio', { each, resource, ratio });
    }
  }
  return undefined;
}
