import type { ServiceSummary } from './service-summary.ts';

/**
 * How much a service needs somebody: 0 while users get no answer from it somewhere, 1 while its alerts fire, 2 after a failed
 * delivery or load test, 3 while a delivery is not through, 4 where nothing is known of it, 5 when it is well, 6 when it is gone.
 */
function rankOf({ state, places, firingAlerts = 0, lastDelivery, objectives }: ServiceSummary): number {
  if (state === 'not-serving' || places.some(place => place.state === 'not-serving')) return 0;
  if (firingAlerts > 0) return 1;
  if (state === 'decommissioned') return 6;
  if (lastDelivery.verdict === 'fail' || objectives?.verdict === 'fail') return 2;
  if (lastDelivery.verdict !== 'pass') return 3;
  return state === 'unknown' ? 4 : 5;
}

/**
 * A copy with what needs somebody first; what needs as much keeps its order, but for more alerts before fewer.
 * @public
 */
export function byNeed(services: readonly ServiceSummary[]): readonly ServiceSummary[] {
  return services
    .map(service => ({ service, rank: rankOf(service) }))
    .toSorted(
      (one, other) => one.rank - other.rank || (other.service.firingAlerts ?? 0) - (one.service.firingAlerts ?? 0),
    )
    .map(({ service }) => service);
}
