import { deviceOf, sleeps } from '@fairway/service';
import { loadingSeconds, startupLimits, usesSharedMemory } from '@fairway/engines';
import type { EngineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import {
  engineContainer,
  revisionLabels,
  serviceLabels,
  sleepsAnnotation,
  versionName,
} from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { usesOwnProxies } from '@fairway/targets/mesh/istio/identity';
import type { MeshMembership } from '@fairway/targets/mesh/istio/identity';
import { injectionAnnotations, injectionLabels, meshPort } from '@fairway/targets/mesh/istio/pods';
import { endpointLabels } from '@fairway/targets/workload/activator';
import { containerClaims, podClaims } from '@fairway/targets/workload/claims';
import { answeringLabels, leaderArguments, workloadObject } from '@fairway/targets/workload/objects';
import { patched } from '@fairway/targets/workload/patches';
import {
  accountName,
  imagePullSecrets,
  placement,
  pullSecretNames,
  queueLabels,
} from '@fairway/targets/workload/placement';
import { weightsInPod } from '@fairway/targets/workload/weights';
import { gpuAffinity } from '@fairway/service/gpu-nodes';

/** Seconds a pod goes on serving after it was told to end, until every proxy has stopped sending to it. */
const drainSeconds = 3;

/** Lets the routes of a namespace use the gateway. */
const gatewayLabel = { 'fairway.dev/gateway': 'allowed' };

/**
 * The service's namespace. One that somebody else made only gets the gateway's label: a pod security level could keep
 * their pods from starting.
 */
export function namespaceObject(service: Service, existing: KubernetesObject | undefined): KubernetesObject {
  const managed = { 'app.kubernetes.io/managed-by': 'fairway' };
  const ours = !existing || existing.metadata.labels?.['app.kubernetes.io/managed-by'] === 'fairway';
  const labels = ours
    ? { ...managed, ...gatewayLabel, 'pod-security.kubernetes.io/enforce': 'restricted' }
    : gatewayLabel;
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: service.namespace, labels } };
}

/** Whether a namespace is there and has all labels that a service needs, so that nobody has to be allowed to change it. */
export function isPrepared(service: Service, existing: KubernetesObject | undefined): boolean {
  if (!existing || existing.metadata.deletionTimestamp) return false;
  const wanted = namespaceObject(service, existing).metadata.labels ?? {};
  return Object.entries(wanted).every(([name, value]) => existing.metadata.labels?.[name] === value);
}

/** The identity of the pods, unless the service names one that is there. Engines never talk to the Kubernetes API, so no token is mounted. */
export function serviceAccount(service: Service): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: service.name, namespace: service.namespace, labels: serviceLabels(service.name) },
    automountServiceAccountToken: false,
  };
}

export function pullSecretName(service: Service): string {
  return `${service.name}-registry`;
}

/** Credentials with which nodes pull the image; made only when the stage was given some. */
export function pullSecret(service: Service, registry: string, username: string, password: string): KubernetesObject {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const content = JSON.stringify({ auths: { [registry]: { username, password, auth } } });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: pullSecretName(service), namespace: service.namespace, labels: serviceLabels(service.name) },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(content).toString('base64') },
  };
}

/**
 * The pod template without its revision label, from which the revision is computed.
 * @param mesh absent for a service that is in none
 * @param puller image of services/weights
 */
export function podSpec(
  service: Service,
  profile: EngineProfile,
  image: string,
  pullSecret: string | undefined,
  mesh?: MeshMembership,
  puller?: string,
): Record<string, unknown> {
  const { port } = service.serving;
  const behindProxy = usesOwnProxies(mesh);
  // the proxy's agent, which probes in the kubelet's place, has to find the engine and not the proxy
  const probed = behindProxy ? port : 'http';
  const health = { httpGet: { path: profile.healthPath, port: probed } };
  const gpu = service.resources.gpu && deviceOf(service.resources.gpu);
  const shares = usesSharedMemory(service, profile);
  const model = weightsInPod(service, pullSecretNames(service, pullSecret), puller);
  const claims = containerClaims(service);
  const devices = gpu && !('claims' in claims) ? { [gpu.resource]: String(service.resources.gpu?.count) } : {};
  return {
    serviceAccountName: accountName(service),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...imagePullSecrets(service, pullSecret),
    terminationGracePeriodSeconds: longestStreamSeconds(service) + drainSeconds,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' }, ...model.securityContext },
    ...placement(service),
    ...(gpu ? { affinity: gpuAffinity(gpu) } : {}),
    ...(model.before ? { initContainers: model.before } : {}),
    containers: [
      {
        name: engineContainer,
        image,
        imagePullPolicy: 'IfNotPresent',
        command: [...profile.command],
        // a pod with a proxy is reached by that alone
        args: [...profile.arguments(service), ...leaderArguments(service, profile)].map(argument =>
          behindProxy ? argument.replaceAll('0.0.0.0', '127.0.0.1') : argument,
        ),
        ports: [{ name: 'http', containerPort: behindProxy ? meshPort(service) : port, protocol: 'TCP' }],
        // engines write caches to the home folder, which is read-only in the image, and PyTorch ends where its user has no name, as those of OpenShift
        env: [
          ...Object.entries({ HOME: '/tmp', USER: 'serving', ...profile.environment }).map(([name, value]) => ({
            name,
            value,
          })),
          ...model.environment,
        ],
        // no CPU limit: throttling in the middle of a token costs latency and frees nothing that others may not take anyway
        resources: {
          requests: { cpu: service.resources.cpu, memory: service.resources.memory, ...devices },
          limits: { memory: service.resources.memory, ...devices },
          ...claims,
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        startupProbe: { ...health, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: loadingSeconds(service) },
        readinessProbe: { ...health, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 3 },
        // a connection only: an engine that is busy must not be killed for answering late
        livenessProbe: { tcpSocket: { port: probed }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
        lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          ...(shares ? [{ name: 'shm', mountPath: '/dev/shm' }] : []),
          ...model.mounts,
        ],
      },
    ],
    volumes: [
      { name: 'tmp', emptyDir: {} },
      // the runtime's default of 64 MiB is too small
      ...(shares ? [{ name: 'shm', emptyDir: { medium: 'Memory' } }] : []),
      ...model.volumes,
    ],
  };
}

/**
 * What runs the pods, Service and, with several replicas, disruption budget of one version, with the patches of `workload.patches`.
 * @param pods that it has at first, of which the release gives it the rest; undefined where somebody else says how many it has
 * @param mesh absent for a service that is in none
 */
export function versionObjects(
  service: Service,
  profile: EngineProfile,
  revision: string,
  spec: Readonly<Record<string, unknown>>,
  pods: number | undefined,
  mesh: MeshMembership | undefined,
): readonly KubernetesObject[] {
  const labels = revisionLabels(service.name, revision);
  const { scheduling, pulling, loading } = startupLimits(service);
  const metadata = { name: versionName(service.name, revision), namespace: service.namespace, labels };
  const serving = answeringLabels(service, labels);
  // to the pods of a group Kueue gives it itself, with the name of the group, and one that has it already is never let go
  const queue = service.workload.kind === 'LeaderWorkerSet' ? {} : queueLabels(service);
  const workload = workloadObject(service, profile, {
    // for the portal, to which no pods would look like none that could be made
    metadata: sleeps(service) ? { ...metadata, annotations: { [sleepsAnnotation]: 'true' } } : metadata,
    replicas: pods,
    labels,
    progressDeadlineSeconds: scheduling + pulling + loading,
    template: {
      metadata: {
        labels: { ...serving, ...queue, ...(mesh ? injectionLabels(mesh) : {}) },
        // the injector of a mesh makes of these where the proxy's agent gives the engine's metrics
        annotations: { ...scrapeAnnotations(service, profile), ...(mesh ? injectionAnnotations(mesh) : {}) },
      },
      spec: { ...spec, ...podClaims(service, revision) },
    },
  });
  const cluster: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      selector: endpointLabels(service, serving),
      ports: [{ name: 'http', port: service.serving.port, targetPort: 'http', protocol: 'TCP' }],
    },
  };
  const budget: KubernetesObject = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    // a pod that starts or is broken answers nobody, and would else keep its node from being drained
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: labels } },
  };
  const most = service.scaling?.max ?? service.resources.replicas;
  return patched(service, most > 1 ? [workload, cluster, budget] : [workload, cluster]);
}

function scrapeAnnotations(service: Service, profile: EngineProfile): Record<string, string> {
  if (!profile.metricsPath) return { 'prometheus.io/scrape': 'false' };
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(service.serving.port),
    'prometheus.io/path': profile.metricsPath,
  };
}
