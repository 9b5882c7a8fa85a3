import type { ComponentProps } from 'react';
import { matchesService } from '@fairway/backstage-plugin-fairway-common';
import type { DeploymentView, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FilterBar } from '../view/filter-bar.tsx';
import { optionsOf } from '../view/filter-select.tsx';
import { holdsText } from '../view/text-filter.tsx';
import { deploymentStates, stateOf } from './by-state.ts';

type Filters = ComponentProps<typeof FilterBar>['filters'];

/** A deployment with what deliveries say of its service, from which team and environment are known; absent where it was never delivered. */
export interface KnownDeployment {
  readonly deployment: DeploymentView;
  readonly service: ServiceSummary | undefined;
}

export function knownDeployments(
  deployments: readonly DeploymentView[],
  services: readonly ServiceSummary[],
): readonly KnownDeployment[] {
  const summaries = new Map(services.map(service => [`${service.namespace}/${service.name}`, service]));
  return deployments.map(deployment => ({
    deployment,
    service: summaries.get(`${deployment.namespace}/${deployment.service}`),
  }));
}

export function matchesFilters({ deployment, service }: KnownDeployment, { values }: Filters): boolean {
  const { owner, environment } = values;
  const { cluster } = deployment;
  const ofService = { owner, ...(environment !== undefined && { environment, cluster }) };
  return (
    (values.cluster === undefined || values.cluster === cluster) &&
    (values.state === undefined || values.state === stateOf(deployment)) &&
    ((owner === undefined && environment === undefined) ||
      (service !== undefined && matchesService(service, ofService))) &&
    holdsText(values.text, [deployment.service, deployment.namespace])
  );
}

interface DeploymentFiltersProps {
  /** All of them, from which the choices come. */
  readonly deployments: readonly KnownDeployment[];
  readonly filters: Filters;
}

/** Narrows the page of deployments. */
export function DeploymentFilters({ deployments, filters }: DeploymentFiltersProps) {
  const { t } = useFairwayText();
  const places = deployments.flatMap(({ service }) => service?.places ?? []);
  const clusters = new Set(deployments.map(({ deployment }) => deployment.cluster));
  const options = {
    owner: optionsOf(deployments.map(({ service }) => service?.owner)),
    environment: optionsOf(places.map(({ cluster, environment }) => (clusters.has(cluster) ? environment : undefined))),
    cluster: optionsOf([...clusters]),
    state: deploymentStates.map(state => ({ value: state, label: t(`filter.${state}`) })),
  };
  return <FilterBar filters={filters} options={options} />;
}
