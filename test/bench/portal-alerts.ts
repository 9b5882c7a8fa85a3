import { alertmanager } from '@fairway/clients/alertmanager/index';

const alertsOfEach = 20;
const hour = 3_600_000;

/** Raises alerts of other people's rules in each cluster, which last longer than the bench. */
export async function postAlerts(url: string, clusters: readonly string[]): Promise<void> {
  const startsAt = new Date();
  const endsAt = new Date(startsAt.getTime() + 24 * hour);
  const alerts = clusters.flatMap(cluster =>
    Array.from({ length: alertsOfEach }, (_, index) => ({
      labels: {
        alertname: 'KubePodNotReady',
        severity: 'warning',
        cluster,
        namespace: `team-${index}`,
        pod: `pod-${index}`,
      },
      annotations: { summary: 'Pod has been in a non-ready state for more than 15 minutes.' },
      startsAt,
      endsAt,
    })),
  );
  await alertmanager(url).post(alerts);
}
