import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SandboxProcess } from '../sandbox.ts';
import { certificatesFolder } from './layout.ts';
import type { ClusterLayout } from './layout.ts';

/** Where the cluster's network has the host's Alertmanager. */
export const alertmanager = '127.0.0.1:9093';

/** Writes Prometheus' own configuration; `rules/` and `scrape/` beside them belong to the stage `monitor`. */
export async function writeMonitoringFiles(layout: ClusterLayout): Promise<void> {
  for (const name of ['rules', 'scrape', 'prometheus'])
    await mkdir(join(layout.monitoring, name), { recursive: true, mode: 0o755 });
  await writeFile(join(layout.monitoring, 'prometheus.yml'), stringify(prometheus(layout)));
}

export function prometheusProcess({ monitoring, parts, ports }: ClusterLayout): SandboxProcess {
  return {
    name: 'prometheus',
    grace: 5,
    command: [
      join(parts.monitoring, 'usr/bin/prometheus'),
      `--config.file=${monitoring}/prometheus.yml`,
      `--storage.tsdb.path=${monitoring}/prometheus`,
      '--storage.tsdb.retention.time=7d',
      '--storage.tsdb.retention.size=2GB',
      `--web.console.templates=${parts.monitoring}/usr/share/prometheus/consoles`,
      `--web.console.libraries=${parts.monitoring}/usr/share/prometheus/console_libraries`,
      '--web.listen-address=127.0.0.1:9090',
      `--web.external-url=http://127.0.0.1:${ports.prometheus}/`,
      '--web.enable-lifecycle',
    ],
  };
}

function prometheus(layout: ClusterLayout) {
  const pki = certificatesFolder(layout);
  return {
    global: { scrape_interval: '5s', evaluation_interval: '5s' },
    rule_files: [`${layout.monitoring}/rules/*.yml`],
    scrape_config_files: [`${layout.monitoring}/scrape/*.yml`],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [
      { job_name: 'prometheus', static_configs: [{ targets: ['127.0.0.1:9090'] }] },
      { job_name: 'alertmanager', static_configs: [{ targets: [alertmanager] }] },
      {
        job_name: 'envoy',
        metrics_path: '/stats/prometheus',
        kubernetes_sd_configs: [
          {
            role: 'pod',
            kubeconfig_file: `${pki}/prometheus.kubeconfig`,
            namespaces: { names: ['envoy-gateway-system'] },
          },
        ],
        relabel_configs: [
          { source_labels: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], regex: 'envoy', action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Running', action: 'keep' },
          // a pod is found once for every port that it declares
          { source_labels: ['__meta_kubernetes_pod_container_name'], regex: 'envoy', action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_ip'], target_label: '__address__', replacement: '$1:19001' },
          { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
        ],
      },
      {
        // Istio's gateway, where there is one: its agent gives Envoy's figures and its own
        job_name: 'istio-gateway',
        metrics_path: '/stats/prometheus',
        kubernetes_sd_configs: [
          { role: 'pod', kubeconfig_file: `${pki}/prometheus.kubeconfig`, namespaces: { names: ['fairway-system'] } },
        ],
        relabel_configs: [
          {
            source_labels: ['__meta_kubernetes_pod_label_gateway_networking_k8s_io_gateway_name'],
            regex: '.+',
            action: 'keep',
          },
          { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Running', action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'metrics', action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
        ],
      },
      {
        // what the gateway's users asked of models (services/ledger)
        job_name: 'ledger',
        kubernetes_sd_configs: [
          { role: 'pod', kubeconfig_file: `${pki}/prometheus.kubeconfig`, namespaces: { names: ['fairway-ledger'] } },
        ],
        relabel_configs: [
          { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'metrics', action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Running', action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
        ],
      },
      {
        // istiod fetches the keys of issuers for it
        job_name: 'istiod',
        kubernetes_sd_configs: [
          { role: 'pod', kubeconfig_file: `${pki}/prometheus.kubeconfig`, namespaces: { names: ['istio-system'] } },
        ],
        relabel_configs: [
          { source_labels: ['__meta_kubernetes_pod_label_app'], regex: 'istiod', action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'metrics', action: 'keep' },
        ],
      },
    ],
  };
}

const reader = 'fairway-prometheus';

/** Lets Prometheus find pods, and nothing else. */
export const monitoringObjects = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: reader },
    rules: [
      { apiGroups: [''], resources: ['pods', 'services', 'endpoints'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: reader },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: reader },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: reader }],
  },
] as const;
