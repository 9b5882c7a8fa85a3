import { isBefore } from '@fairway/engines';
import type { Service } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { askCluster } from './ask-cluster.ts';
import type { ClusterAnswer } from './ask-cluster.ts';

interface Node extends KubernetesObject {
  readonly status?: { readonly nodeInfo?: { readonly containerRuntimeVersion?: string } };
}

/** The first version of each runtime that unpacks zstd; others, such as CRI-O, did so before the oldest Kubernetes that is supported. */
const first: Readonly<Record<string, string>> = {
  // https://github.com/containerd/containerd/releases/tag/v1.5.0
  containerd: '1.5',
  // https://docs.docker.com/engine/release-notes/23.0/
  docker: '23.0',
};

/** Whether the nodes unpack the layers of the image. Only zstd needs more than any node has. */
export async function compressionMissing(
  inputs: { readonly kubeconfig?: string; readonly context?: string },
  service: Service,
  signal: AbortSignal,
): Promise<ClusterAnswer> {
  if (service.image.compression !== 'zstd') return {};
  return askCluster(inputs, 'Whether the nodes unpack layers in zstd', signal, async cluster => {
    const wanted = Object.entries(service.workload.nodeSelector);
    const nodes = (await cluster.list<Node>('v1', 'Node')).filter(({ metadata }) =>
      wanted.every(([key, value]) => metadata.labels?.[key] === value),
    );
    const old = nodes.filter(node => isTooOld(runtimeOf(node)));
    const [one] = old;
    if (!one) return {};
    const reason = reasonOf(old.length < nodes.length ? 'prepare.someWithoutZstd' : 'prepare.noZstd', {
      ...{ number: old.length, all: nodes.length, node: one.metadata.name, runtime: runtimeOf(one) },
    });
    return old.length < nodes.length ? { unknown: reason } : { missing: reason };
  });
}

function runtimeOf({ status }: Node): string {
  return status?.nodeInfo?.containerRuntimeVersion ?? '';
}

/** @param runtime as a kubelet writes it, such as containerd://1.4.13; a version that nobody can read is none that is too old */
export function isTooOld(runtime: string): boolean {
  const [, name = '', version = ''] = /^([a-z-]+):\/\/v?(\d+\.\d+)/.exec(runtime) ?? [];
  const least = first[name];
  return least !== undefined && isBefore(version, least);
}
