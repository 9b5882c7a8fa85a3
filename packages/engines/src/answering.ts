import { gaugeTotal } from './exposition.ts';
import { engineProfiles } from './profile.ts';

/**
 * Requests that an engine holds, running and waiting, by its `/metrics`; undefined where it does not say. Whichever engine it is: each has names of
 * its own, and whoever removes a service may know no more than its name.
 */
export function answering(metrics: string): number | undefined {
  const known = engineProfiles
    .flatMap(profile => [profile.metrics.requestsRunning, profile.metrics.requestsWaiting])
    .map(gauge => (gauge === undefined ? undefined : gaugeTotal(metrics, gauge)))
    .filter(count => count !== undefined);
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) : undefined;
}
