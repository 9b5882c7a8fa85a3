import type { EngineProfile } from '@fairway/engines';
import { jobName, storedSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';

type Fields = Readonly<Record<string, unknown>>;

/** What says how Prometheus reaches the API server, as opposed to what it looks for there. */
const reachFields = [
  'api_server',
  'kubeconfig_file',
  'authorization',
  'basic_auth',
  'bearer_token_file',
  'oauth2',
  'tls_config',
  'proxy_url',
  'follow_redirects',
  'enable_http2',
];

/**
 * How a running Prometheus reaches Kubernetes, taken from a job that it has: another job gets in the same way. Empty when
 * it has none, which means the service account of its own pod.
 * @param configuration parsed `/api/v1/status/config`
 */
export function kubernetesAccess(configuration: unknown): Fields {
  const jobs = ((configuration as Fields | null)?.scrape_configs ?? []) as readonly Fields[];
  const discovery = jobs.flatMap(job => (job.kubernetes_sd_configs ?? []) as readonly Fields[])[0] ?? {};
  return Object.fromEntries(
    reachFields
      .filter(field => discovery[field] !== undefined && !JSON.stringify(discovery[field]).includes('<secret>'))
      .map(field => [field, discovery[field]]),
  );
}

/**
 * A file for Prometheus' `scrape_config_files`: the pods of all versions of the service. They are found by the Services of
 * the versions, whose labels say which of them users reach.
 */
export function scrapeFile(service: Service, profile: EngineProfile, access: Fields): Record<string, unknown> {
  if (!profile.metricsPath) return { scrape_configs: [] };
  return {
    scrape_configs: [
      {
        job_name: jobName(service),
        metrics_path: profile.metricsPath,
        kubernetes_sd_configs: [
          {
            role: 'endpointslice',
            ...access,
            namespaces: { names: [service.namespace] },
            selectors: ['endpointslice', 'service', 'pod'].map(role => ({
              role,
              label: `app.kubernetes.io/name=${service.name},app.kubernetes.io/managed-by=fairway`,
            })),
          },
        ],
        relabel_configs: [
          { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Succeeded|Failed', action: 'drop' },
          { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'http', action: 'keep' },
          // where the metrics are: in a mesh the injector writes here where the proxy's agent gives them
          {
            source_labels: ['__address__', '__meta_kubernetes_pod_annotation_prometheus_io_port'],
            regex: '(.+?)(?::\\d+)?;(\\d+)',
            target_label: '__address__',
            replacement: '$1:$2',
          },
          {
            source_labels: ['__meta_kubernetes_pod_annotation_prometheus_io_path'],
            regex: '(.+)',
            target_label: '__metrics_path__',
          },
          { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
          { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
          { source_labels: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], target_label: 'service' },
          { source_labels: ['__meta_kubernetes_pod_label_fairway_dev_revision'], target_label: 'revision' },
          { source_labels: ['__meta_kubernetes_service_label_fairway_dev_users'], target_label: 'users' },
          ...Object.entries(storedSeries(service).labels).map(([target_label, replacement]) => ({
            target_label,
            replacement,
          })),
        ],
        // the agent adds those of the proxy, whose names are the gateway's too
        metric_relabel_configs: [{ source_labels: ['__name__'], regex: '(envoy|istio)_.*', action: 'drop' }],
      },
    ],
  };
}
