import type { Alertmanager, GettableAlert, PostableAlert } from '@fairway/clients/alertmanager/index';
import { findingsBeside } from '@fairway/clients/scanner/index';
import type { Service } from '@fairway/service';
import type { ScannedImage } from './results.ts';

export const alertName = 'FairwayServedImageVulnerable';

/** How long an alert stands that nobody renews: a night and half of one more, because a schedule of GitHub may come late. */
const standsHours = 36;

export interface AlertedService extends Pick<Service, 'name' | 'namespace' | 'owner' | 'monitoring'> {
  /** The label `cluster` by which an Alertmanager of several clusters tells them apart. */
  readonly cluster?: string;
}

/**
 * Raises an alert for each image that has findings that stop a delivery, and resolves those of images that no longer have any or no longer
 * answer users. An image that could not be scanned keeps the alert that it has.
 */
export async function keepAlerts(
  manager: Alertmanager,
  service: AlertedService,
  images: readonly ScannedImage[],
  now: Date,
): Promise<{ readonly firing: number; readonly resolved: number }> {
  const endsAt = new Date(now.getTime() + standsHours * 3_600_000);
  const raised = (await manager.alerts()).filter(alert => isOf(alert, service));
  const digestsOf = (verdict: ScannedImage['verdict']) =>
    new Set(images.filter(one => one.verdict === verdict).map(({ digest }) => digest));
  const [vulnerable, unknown] = [digestsOf('fail'), digestsOf('inconclusive')];
  const until = ({ labels, annotations, startsAt }: GettableAlert, end: Date): PostableAlert => ({
    ...{ labels, annotations, startsAt: new Date(startsAt) },
    endsAt: end,
  });
  const firing = [
    ...images
      .filter(({ verdict }) => verdict === 'fail')
      .map(image => ({ ...describedAlert(service, image), startsAt: now, endsAt })),
    ...raised.filter(({ labels }) => unknown.has(labels['image'] ?? '')).map(alert => until(alert, endsAt)),
  ];
  const resolved = raised
    .filter(({ labels: { image = '' } }) => !vulnerable.has(image) && !unknown.has(image))
    .map(alert => until(alert, now));
  if (firing.length + resolved.length > 0) await manager.post([...firing, ...resolved]);
  return { firing: firing.length, resolved: resolved.length };
}

function isOf({ labels }: GettableAlert, service: AlertedService): boolean {
  const { name, namespace } = service;
  const wanted = clusterLabels(service);
  return (
    labels['alertname'] === alertName &&
    labels['service'] === name &&
    labels['namespace'] === namespace &&
    labels['cluster'] === wanted['cluster'] &&
    Object.entries(wanted).every(([key, value]) => labels[key] === value)
  );
}

/** What tells alerts of the same service in several clusters apart. */
function clusterLabels({ monitoring, cluster }: AlertedService): Readonly<Record<string, string>> {
  return { ...monitoring?.labels, ...(cluster === undefined ? {} : { cluster }) };
}

/** In the form of the alerts that `monitor` writes, and with the digest: each image is an alert of its own. */
function describedAlert(
  service: AlertedService,
  { digest, share, reason, blocking, new: news }: ScannedImage,
): Pick<PostableAlert, 'labels' | 'annotations'> {
  const { name, namespace, owner } = service;
  const fresh = news && blocking.length - findingsBeside(blocking, news).length;
  const known = fresh === undefined ? '' : ` ${fresh} of them became known after it was delivered.`;
  return {
    labels: {
      alertname: alertName,
      service: name,
      namespace,
      severity: 'ticket',
      owner,
      image: digest,
      ...clusterLabels(service),
    },
    annotations: {
      summary: `Users of ${name} are answered by an image with vulnerabilities for which there are fixes.`,
      description: `${digest} gets ${share} % of the requests. ${reason}${known}`,
      runbook_url: 'docs/runbooks/served-image-vulnerable.md',
    },
  };
}
