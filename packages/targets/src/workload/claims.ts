import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';

// stable since Kubernetes 1.34: https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation
const apiVersion = 'resource.k8s.io/v1';
const kind = 'ResourceClaimTemplate';

/** Name of the claim in the pod, by which the engine's container takes the devices. */
const claim = 'gpus';

/** Of what each pod of a version gets a claim of its own; none for a service whose pods ask for a resource of a device plugin. */
export function claimTemplate(service: Service, revision: string): readonly KubernetesObject[] {
  const devices = claimedDevices(service);
  if (!devices) return [];
  const { namespace, name } = service;
  return [
    {
      apiVersion,
      kind,
      metadata: { name: versionName(name, revision), namespace, labels: revisionLabels(name, revision) },
      spec: { spec: { devices } },
    },
  ];
}

/** What the claims of a service ask for, which makes a version as much as its pods do. */
export function claimedDevices({ resources: { gpu } }: Service): object | undefined {
  if (gpu?.deviceClass === undefined) return undefined;
  const { deviceClass, count, mig } = gpu;
  // as NVIDIA's driver names the profile of an instance: github.com/NVIDIA/k8s-dra-driver-gpu, demo/specs/quickstart
  const profile = mig && {
    selectors: [{ cel: { expression: `device.attributes["gpu.nvidia.com"].profile == "${mig.profile}"` } }],
  };
  return {
    requests: [
      { name: claim, exactly: { deviceClassName: deviceClass, allocationMode: 'ExactCount', count, ...profile } },
    ],
  };
}

/** Fields of the pod of a version that claims its devices. */
export function podClaims(service: Service, revision: string): Readonly<Record<string, unknown>> {
  const resourceClaimTemplateName = versionName(service.name, revision);
  return claimedDevices(service) ? { resourceClaims: [{ name: claim, resourceClaimTemplateName }] } : {};
}

/** Fields of the resources of the engine's container. */
export function containerClaims(service: Service): Readonly<Record<string, unknown>> {
  return claimedDevices(service) ? { claims: [{ name: claim }] } : {};
}

/** Why the cluster cannot give devices by claims, as a paragraph; undefined when it can, and when none are asked for. */
export async function missingClaims(cluster: Cluster, service: Service): Promise<Reason | undefined> {
  if (!claimedDevices(service) || (await cluster.serves(apiVersion, kind))) return undefined;
  return reasonOf('missing.claims', { context: cluster.context, kind, version: apiVersion });
}

export function claimPermissions(service: Service): readonly Permission[] {
  if (!claimedDevices(service)) return [];
  return permissions(['get', 'create', 'patch'], 'resource.k8s.io', ['resourceclaimtemplates'], service.namespace);
}
