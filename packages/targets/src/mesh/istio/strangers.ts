import type { Service } from '@fairway/service';
import { managedLabels, revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { MeshMembership } from './identity.ts';
import { injectionLabels, meshPort } from './pods.ts';

/** Two pods of a service's namespace that try to reach a version, and what they need; all of it goes after the try. */
export interface Strangers {
  /** A member of the mesh with an identity that no policy names; the NetworkPolicy lets it through to the proxy. */
  readonly member: KubernetesObject;
  /** A pod that nothing is known of. */
  readonly outsider: KubernetesObject;
  readonly needed: readonly KubernetesObject[];
}

const folder = '/var/run/mesh';
const volume = 'mesh-certificates';
const label = 'fairway.dev/mesh-probe';

/**
 * @param pod address of a pod of the version
 * @param image holds services/mesh-probe
 */
export function strangers(
  service: Service,
  revision: string,
  mesh: MeshMembership,
  { pod, image }: { readonly pod: string; readonly image: string },
): Strangers {
  const { namespace } = service;
  const name = `${service.name}-mesh-probe`;
  const labels = { ...managedLabels, [label]: revision };
  const memberLabels = { ...labels, 'fairway.dev/mesh-member': 'true' };
  const target = {
    HOST: `${versionName(service.name, revision)}.${namespace}.svc`,
    PORT: String(service.serving.port),
    POD: pod,
    GATEWAY: mesh.gateway,
  };
  return {
    needed: [
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'Sidecar',
        metadata: { name, namespace, labels },
        spec: {
          workloadSelector: { labels: memberLabels },
          // without this its proxy would listen for every Service of the cluster, at ports that it may not use
          egress: [{ hosts: ['~/*'], captureMode: mesh.interception === 'none' ? 'NONE' : 'DEFAULT' }],
        },
      },
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace, labels },
        automountServiceAccountToken: false,
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace, labels },
        spec: {
          podSelector: { matchLabels: revisionLabels(service.name, revision) },
          policyTypes: ['Ingress'],
          ingress: [
            {
              from: [{ podSelector: { matchLabels: memberLabels } }],
              ports: [{ protocol: 'TCP', port: meshPort(service) }],
            },
          ],
        },
      },
    ],
    member: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace,
        labels: { ...memberLabels, ...injectionLabels(mesh) },
        annotations: {
          'sidecar.istio.io/nativeSidecar': 'true',
          ...(mesh.interception === 'none' ? { 'sidecar.istio.io/interceptionMode': 'NONE' } : {}),
          // the try itself speaks TLS, with the certificate that the agent writes
          'traffic.sidecar.istio.io/includeInboundPorts': '',
          'traffic.sidecar.istio.io/includeOutboundIPRanges': '',
          'sidecar.istio.io/userVolumeMount': JSON.stringify({ [volume]: { mountPath: folder } }),
          'proxy.istio.io/config': JSON.stringify({ proxyMetadata: { OUTPUT_CERTS: folder } }),
        },
      },
      spec: podSpec(name, image, { ...target, CERTIFICATES: folder }),
    },
    outsider: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${service.name}-outsider`, namespace, labels },
      spec: podSpec(name, image, target),
    },
  };
}

function podSpec(serviceAccountName: string, image: string, environment: Readonly<Record<string, string>>): object {
  return {
    serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'probe',
        image,
        imagePullPolicy: 'IfNotPresent',
        args: ['/services/mesh-probe.mjs'],
        env: Object.entries(environment).map(([name, value]) => ({ name, value })),
        resources: { requests: { cpu: '5m', memory: '48Mi' }, limits: { memory: '192Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: volume, mountPath: folder, readOnly: true }],
      },
    ],
    volumes: [{ name: volume, emptyDir: { medium: 'Memory' } }],
  };
}
