import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import { engineContainer, kserveContainer } from '../names.ts';
import type { ContainerStatus, Pod } from '../workload.ts';

/** A container's status with what reasons call it. */
export interface NamedContainer {
  readonly status: ContainerStatus;
  /** `engine`, `init container fetch`, `sidecar istio-proxy`. */
  readonly name: Reason;
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
      name: reasonOf(sidecar ? 'container.sidecar' : 'container.init', { name: one.name }),
      init: !sidecar,
      engine: false,
    };
  });
  const statuses = status?.containerStatuses ?? [];
  const engineName = [engineContainer, kserveContainer].find(known => statuses.some(({ name }) => name === known));
  const own = statuses.map(one => {
    const engine = one.name === engineName;
    const name = engine
      ? reasonOf('container.engine')
      : reasonOf(engineName ? 'container.sidecar' : 'container.other', { name: one.name });
    return { status: one, name, init: false, engine };
  });
  return [...first, ...own].filter(({ status: { state } }) => state?.waiting?.reason !== 'PodInitializing');
}
