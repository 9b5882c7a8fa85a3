import { queueLabel } from '@fairway/clients/kubernetes/kueue';
import { deviceOf, gpuTolerations } from '@fairway/service';
import type { Service } from '@fairway/service';

type Fields = Readonly<Record<string, unknown>>;

/** A label that every kubelet sets. Nodes with Windows have a taint at some clouds alone, and no GPU of a class. */
export const onLinux = { 'kubernetes.io/os': 'linux' } as const;

/** Where the scheduler may put the pods and how the node runs them: what the GPU class and `workload` say. */
export function placement({ workload, resources }: Service): Fields {
  const { priorityClass, runtimeClass } = workload;
  const gpu = resources.gpu && deviceOf(resources.gpu);
  const nodeSelector = { ...(gpu ? {} : onLinux), ...workload.nodeSelector };
  const tolerations = [...(gpu ? gpuTolerations(gpu) : []), ...workload.tolerations];
  return {
    ...(priorityClass ? { priorityClassName: priorityClass } : {}),
    ...(runtimeClass ? { runtimeClassName: runtimeClass } : {}),
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(tolerations.length > 0 ? { tolerations } : {}),
  };
}

/** Kueue holds the pods of an object with this label until its queue admits them. */
export function queueLabels({ workload }: Service): Readonly<Record<string, string>> {
  return workload.queue ? { [queueLabel]: workload.queue } : {};
}

/** The account of the pods: one that is there, or the one that is made for the service. */
export function accountName(service: Service): string {
  return service.workload.serviceAccount ?? service.name;
}

/** @param made the secret that `deploy` makes, if it does */
export function imagePullSecrets({ workload }: Service, made: string | undefined): Fields {
  const names = pullSecretNames({ workload }, made);
  return names.length > 0 ? { imagePullSecrets: names.map(name => ({ name })) } : {};
}

export function pullSecretNames({ workload }: Pick<Service, 'workload'>, made: string | undefined): readonly string[] {
  return [...(made ? [made] : []), ...workload.pullSecrets];
}
