import type { EngineProfile } from '@fairway/engines';
import { jobName } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Group } from './rules.ts';

export const operatorVersion = 'monitoring.coreos.com/v1';

/** The same scrape job and rules for a cluster where the Prometheus operator does the configuring. */
export function operatorObjects(
  service: Service,
  profile: EngineProfile,
  groups: readonly Group[],
): readonly KubernetesObject[] {
  const metadata = { name: service.name, namespace: service.namespace, labels: serviceLabels(service.name) };
  const rule: KubernetesObject = { apiVersion: operatorVersion, kind: 'PrometheusRule', metadata, spec: { groups } };
  if (!profile.metricsPath) return [rule];
  const monitor: KubernetesObject = {
    apiVersion: operatorVersion,
    kind: 'ServiceMonitor',
    metadata,
    spec: {
      selector: { matchLabels: serviceLabels(service.name) },
      endpoints: [
        {
          port: 'http',
          path: profile.metricsPath,
          // alerts and rules name the job
          relabelings: [
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
          ],
          // the agent adds those of the proxy, whose names are the gateway's too
          metricRelabelings: [{ sourceLabels: ['__name__'], regex: '(envoy|istio)_.*', action: 'drop' }],
        },
      ],
    },
  };
  return [rule, monitor];
}
