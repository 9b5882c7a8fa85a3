import type { EngineProfile } from '@fairway/engines';
import { jobName, storedSeries } from '@fairway/indicators';
import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { AskedLabels, Labels } from './operator-selectors.ts';
import type { Group } from './rules.ts';

const notActivator = {
  sourceLabels: ['__meta_kubernetes_pod_label_app_kubernetes_io_managed_by'],
  regex: 'fairway-activator',
  action: 'drop',
};

export const operatorVersion = 'monitoring.coreos.com/v1';

/** @param asked labels by which a Prometheus takes the object */
function metadataOf({ name, namespace }: Service, asked: Labels) {
  return { name, namespace, labels: { ...asked, ...serviceLabels(name) } };
}

/** The rules for a cluster where the Prometheus operator does the configuring. */
export function ruleObject(service: Service, groups: readonly Group[], { rules }: AskedLabels): KubernetesObject {
  return {
    apiVersion: operatorVersion,
    kind: 'PrometheusRule',
    metadata: metadataOf(service, rules),
    spec: { groups },
  };
}

/** The same scrape job there; none for an engine without metrics. */
export function scrapeObjects(
  service: Service,
  profile: EngineProfile,
  { scrapes }: AskedLabels,
): readonly KubernetesObject[] {
  if (!profile.metricsPath) return [];
  const monitor: KubernetesObject = {
    apiVersion: operatorVersion,
    kind: 'ServiceMonitor',
    metadata: metadataOf(service, scrapes),
    spec: {
      selector: { matchLabels: serviceLabels(service.name) },
      endpoints: [
        {
          port: 'http',
          path: profile.metricsPath,
          // alerts and rules name the job
          relabelings: [
            // what holds requests while no pod is there is no engine
            ...(sleeps(service) ? [notActivator] : []),
            // where the metrics are: in a mesh the injector writes here where the proxy's agent gives them
            {
              sourceLabels: ['__address__', '__meta_kubernetes_pod_annotation_prometheus_io_port'],
              regex: '(.+?)(?::\\d+)?;(\\d+)',
              targetLabel: '__address__',
              replacement: '$1:$2',
              action: 'replace',
            },
            {
              sourceLabels: ['__meta_kubernetes_pod_annotation_prometheus_io_path'],
              regex: '(.+)',
              targetLabel: '__metrics_path__',
              action: 'replace',
            },
            { targetLabel: 'job', replacement: jobName(service), action: 'replace' },
            {
              sourceLabels: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'],
              targetLabel: 'service',
              action: 'replace',
            },
            {
              sourceLabels: ['__meta_kubernetes_pod_label_fairway_dev_revision'],
              targetLabel: 'revision',
              action: 'replace',
            },
            {
              sourceLabels: ['__meta_kubernetes_service_label_fairway_dev_users'],
              targetLabel: 'users',
              action: 'replace',
            },
            ...Object.entries(storedSeries(service).labels).map(([targetLabel, replacement]) => ({
              targetLabel,
              replacement,
              action: 'replace',
            })),
          ],
          // the agent adds those of the proxy, whose names are the gateway's too
          metricRelabelings: [{ sourceLabels: ['__name__'], regex: '(envoy|istio)_.*', action: 'drop' }],
        },
      ],
    },
  };
  return [monitor];
}
