import { createHash } from 'node:crypto';
import { coldStartSeconds } from '@fairway/engines';
import { ConfigurationError, sleeps } from '@fairway/service';
import type { Service, ServiceFile } from '@fairway/service';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel, serviceLabels, servingLabel, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import { ownAccount } from './own-account.ts';
import { onLinux } from './placement.ts';

const managedBy = 'app.kubernetes.io/managed-by';

/** Port at which the activator says how many requests wait. */
export const statusPort = 9465;

/** Labels of the activators of a service. Whatever looks for its versions and their pods looks for those that `fairway` manages, and does not find these. */
export function activatorLabels(service: string): Readonly<Record<string, string>> {
  return { ...serviceLabels(service), [managedBy]: 'fairway-activator' };
}

/** Name of the activator of a version. A Service's name has room for no more behind it. */
export function activatorName(service: Pick<Service, 'name'>, revision: string): string {
  return `${versionName(service.name, revision)}-act`;
}

/**
 * Labels by which the Service of a version finds its endpoints. Where it sleeps these are the activator's too, which is ready while no pod of the engine is: so the
 * gateway sends to either, under the same name, and neither shares nor what it counts change.
 * @param serving labels of pods that answer
 */
export function endpointLabels(
  service: Service,
  serving: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!sleeps(service)) return serving;
  return Object.fromEntries(Object.entries(serving).filter(([name]) => name !== managedBy));
}

/**
 * What holds the requests of a version that has no pods. It may read which pods of its namespace are ready, and nothing else.
 * @returns none for a version that does not sleep
 */
export function versionActivator(
  service: Service,
  revision: string,
  image: string | undefined,
): readonly KubernetesObject[] {
  if (!sleeps(service)) return [];
  const { namespace } = service;
  const name = activatorName(service, revision);
  const labels = { ...activatorLabels(service.name), [revisionLabel]: revision };
  const metadata = { name, namespace, labels };
  const rules = [{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] }];
  const spec = podSpec(service, revision, requireImage(image));
  const digest = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 8);
  return [
    ...ownAccount(metadata, rules),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: labels,
        // how many wait is asked while a pod of the engine is ready, too
        publishNotReadyAddresses: true,
        ports: [{ name: 'status', port: statusPort, targetPort: 'status', protocol: 'TCP' }],
      },
    },
    {
      // no Deployment: its pod is not ready while one of the engine is, which monitoring takes for a Deployment that lacks pods
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { ...metadata, name: `${name}-${digest}` },
      spec: {
        replicas: 1,
        selector: { matchLabels: { ...labels, [digestLabel]: digest } },
        template: { metadata: { labels: { ...labels, [digestLabel]: digest, [servingLabel]: 'true' } }, spec },
      },
    },
  ];
}

/** A ReplicaSet gives a changed template to new pods only, so each template has one of its own. */
const digestLabel = 'fairway.dev/activator';

function podSpec(service: Service, revision: string, image: string): Readonly<Record<string, unknown>> {
  const { namespace, serving } = service;
  const name = activatorName(service, revision);
  const environment = {
    SERVICE: `${namespace}/${versionName(service.name, revision)}`,
    OWN: `${name}-`,
    PORT: serving.port,
    STATUS_PORT: statusPort,
    SECONDS: coldStartSeconds(service),
  };
  return {
    serviceAccountName: name,
    enableServiceLinks: false,
    nodeSelector: onLinux,
    // answers that began while it held their requests go through it
    terminationGracePeriodSeconds: longestStreamSeconds(service),
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'activator',
        image,
        args: ['/services/activator.mjs'],
        imagePullPolicy: 'IfNotPresent',
        env: Object.entries(environment).map(([key, value]) => ({ name: key, value: String(value) })),
        ports: [
          { name: 'http', containerPort: serving.port, protocol: 'TCP' },
          { name: 'status', containerPort: statusPort, protocol: 'TCP' },
        ],
        // the last pod of the engine goes on for three seconds: by then the gateway must know this one
        readinessProbe: {
          httpGet: { path: '/ready', port: 'status' },
          periodSeconds: 1,
          timeoutSeconds: 1,
          failureThreshold: 1,
        },
        livenessProbe: { tcpSocket: { port: 'status' }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
        resources: { requests: { cpu: '10m', memory: '96Mi' }, limits: { memory: '384Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}

/** Activators of the version that earlier deliveries put there with another image or other times. */
export async function formerActivators(
  cluster: Cluster,
  { namespace }: Pick<Service, 'namespace'>,
  objects: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const now = objects.find(({ kind }) => kind === 'ReplicaSet');
  if (!now) return [];
  const found = await cluster.list('apps/v1', 'ReplicaSet', namespace, now.metadata.labels);
  return found.filter(({ metadata }) => metadata.name !== now.metadata.name);
}

/**
 * Whether a service that sleeps can be woken.
 * @throws ConfigurationError with the place where it cannot
 */
export function checkActivator(
  { service, place }: Pick<ServiceFile, 'service' | 'place'>,
  image: string | undefined,
): void {
  if (sleeps(service)) requireImage(image, () => place('scaling', 'min'));
}

function requireImage(image: string | undefined, place?: () => ReturnType<ServiceFile['place']>): string {
  if (image) return image;
  throw new ConfigurationError(reasonOf('input.activator'), place?.());
}

/** What the login must be allowed to put it there. A role can only be given by whoever has its rights. */
export function activatorPermissions(service: Service): readonly Permission[] {
  if (!sleeps(service)) return [];
  const { namespace } = service;
  const change = ['get', 'create', 'patch', 'delete'] as const;
  return [
    ...permissions(['list', ...change], 'apps', ['replicasets'], namespace),
    ...permissions(change, 'rbac.authorization.k8s.io', ['roles', 'rolebindings'], namespace),
    ...permissions(['list', 'watch'], 'discovery.k8s.io', ['endpointslices'], namespace),
  ];
}
