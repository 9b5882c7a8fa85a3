import { engineContainer, kserveContainer } from '../names.ts';
import type { ContainerStatus, Pod } from '../workload.ts';

/** A container's status with what messages call it. */
export interface NamedContainer {
  readonly status: ContainerStatus;
  /** `The engine`, `The init container fetch`, `The sidecar istio-proxy`. */
  readonly name: string;
  /** It must end before the pod goes on. */
  readonly init: boolean;
  readonly engine: boolean;
}

/** All containers in the order in which they start; those that wait for an init container to end are left out. */
export function namedContainers({ spec, status }: Pod): NamedContainer[] {
  const sidecars = new Set(
    spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  const first = (status?.initContainerStatuses ?? []).map(one => {
    const sidecar = sidecars.has(one.name);
    return {
      status: one,
      name: `The ${sidecar ? 'sidecar' : 'init container'} ${one.name}`,
      init: !sidecar,
      engine: false,
    };
  });
  const statuses = status?.containerStatuses ?? [];
  const engineName = [engineContainer, kserveContainer].find(known => statuses.some(({ name }) => name === known));
  const own = statuses.map(one => {
    const engine = one.name === engineName;
    const name = engine ? 'The engine' : `The ${engineName ? 'sidecar' : 'container'} ${one.name}`;
    return { status: one, name, init: false, engine };
  });
  return [...first, ...own].filter(({ status: { state } }) => state?.waiting?.reason !== 'PodInitializing');
}
