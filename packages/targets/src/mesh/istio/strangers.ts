import type { Service } from '@fairway/service';
import { managedLabels, revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { MeshMembership } from './identity.ts';
import { tunnelPort } from './network-policy.ts';
import { injectionLabels, meshPort } from './pods.ts';

/** Two pods of a service's namespace that try to reach a version, and what they need; all of it goes after the try. */
export interface Strangers {
  /** A member of the mesh with an identity that no policy names; the NetworkPolicy lets it through to the proxy. */
  readonly member: KubernetesObject;
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
  const labels = probeLabels(revision);
  const memberLabels = { ...labels, 'fairway.dev/mesh-member': 'true' };
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
      ...letIn(service, revision, memberLabels, [meshPort(service)]),
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
      spec: {
        serviceAccountName: name,
        ...podSpec(image, {
          ...target(service, revision),
          ...{ POD: pod, GATEWAY: mesh.gateway, CERTIFICATES: folder },
        }),
      },
    },
    outsider: outsider(service, revision, image),
  };
}

/**
 * The identity of the pod that tries, and what lets pods through the NetworkPolicy of a version.
 * @param labels of these pods
 */
function letIn(
  { name: service, namespace }: Service,
  revision: string,
  labels: Readonly<Record<string, string>>,
  ports: readonly number[],
): readonly KubernetesObject[] {
  const metadata = { name: `${service}-mesh-probe`, namespace, labels: probeLabels(revision) };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        podSelector: { matchLabels: revisionLabels(service, revision) },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: labels } }],
            ports: ports.map(port => ({ protocol: 'TCP', port })),
          },
        ],
      },
    },
  ];
}

/** Pods of a service's namespace that try to reach a version without sidecars, and what they need; all of it goes after the try. */
export interface AmbientStrangers {
  /** A member of the mesh with an identity that no policy names. */
  readonly member: KubernetesObject;
  /** In no mesh; the NetworkPolicy lets it through as it does the member. */
  readonly plain: KubernetesObject;
  readonly outsider: KubernetesObject;
  readonly needed: readonly KubernetesObject[];
}

/** @param image holds services/mesh-probe */
export function ambientStrangers(
  service: Service,
  revision: string,
  mesh: MeshMembership,
  image: string,
): AmbientStrangers {
  const { namespace, serving } = service;
  const name = `${service.name}-mesh-probe`;
  const labels = probeLabels(revision);
  const letThrough = { ...labels, 'fairway.dev/mesh-member': 'true' };
  // a namespace may put all of its pods into the mesh
  const apart = { 'istio.io/dataplane-mode': 'none', 'sidecar.istio.io/inject': 'false' };
  const pod = (name: string, labels: Readonly<Record<string, string>>, ask: object, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { ...more, ...podSpec(image, { ...target(service, revision), ...ask }) },
  });
  const asks = { ASK: 'plain' };
  return {
    needed: letIn(service, revision, letThrough, [tunnelPort, serving.port]),
    member: pod(name, { ...letThrough, ...injectionLabels(mesh) }, asks, { serviceAccountName: name }),
    plain: pod(`${service.name}-plain`, { ...letThrough, ...apart }, asks),
    outsider: pod(`${service.name}-outsider`, { ...labels, ...apart }, {}),
  };
}

/** A pod of the service's namespace that nothing is known of. */
export function outsider(service: Service, revision: string, image: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${service.name}-outsider`, namespace: service.namespace, labels: probeLabels(revision) },
    spec: podSpec(image, target(service, revision)),
  };
}

const probeLabels = (revision: string) => ({ ...managedLabels, [label]: revision });

const target = ({ name, namespace, serving }: Service, revision: string) => ({
  HOST: `${versionName(name, revision)}.${namespace}.svc`,
  PORT: String(serving.port),
});

function podSpec(image: string, environment: Readonly<Record<string, string>>): object {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
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
