import { Flex } from '@backstage/ui';
import type { DeploymentView, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FilterSelect, optionsOf } from '../view/filter-select.tsx';
import { holdsText, TextFilter } from '../view/text-filter.tsx';
import type { Filters } from '../view/use-filters.ts';

const chosen = ['owner', 'environment', 'cluster', 'state'] as const;
export const filterNames = ['text', ...chosen] as const;
type Name = (typeof filterNames)[number];

/** From what needs somebody to what does not. */
const states = ['failing', 'starting', 'ready'] as const;

/** A deployment with what deliveries say of its service: the team and the environment are not known of what was never delivered. */
export interface KnownDeployment {
  readonly deployment: DeploymentView;
  readonly owner: string | undefined;
  readonly environment: string | undefined;
  /** That of its worst version. */
  readonly state: (typeof states)[number];
}

export function knownDeployments(
  deployments: readonly DeploymentView[],
  services: readonly ServiceSummary[],
): readonly KnownDeployment[] {
  const summaries = new Map(services.map(service => [`${service.namespace}/${service.name}`, service]));
  return deployments.map(deployment => {
    const summary = summaries.get(`${deployment.namespace}/${deployment.service}`);
    return {
      deployment,
      owner: summary?.owner,
      environment: summary?.places.find(({ cluster }) => cluster === deployment.cluster)?.environment,
      state: states.find(state => deployment.versions.some(version => version.state === state)) ?? 'ready',
    };
  });
}

export function matchesFilters(known: KnownDeployment, values: Filters<Name>['values']): boolean {
  const { cluster, namespace, service } = known.deployment;
  const has = { owner: known.owner, environment: known.environment, state: known.state, cluster };
  return (
    chosen.every(name => values[name] === undefined || values[name] === has[name]) &&
    holdsText(values.text, [service, namespace])
  );
}

interface DeploymentFiltersProps {
  /** All of them, from which the choices come. */
  readonly deployments: readonly KnownDeployment[];
  readonly filters: Filters<Name>;
}

/** Narrows the page of deployments by name, team, environment, cluster and state. */
export function DeploymentFilters({ deployments, filters: { values, put } }: DeploymentFiltersProps) {
  const { t } = useFairwayText();
  const options = {
    owner: optionsOf(deployments.map(({ owner }) => owner)),
    environment: optionsOf(deployments.map(({ environment }) => environment)),
    cluster: optionsOf(deployments.map(({ deployment }) => deployment.cluster)),
    state: states.map(state => ({ value: state, label: t(`filter.${state}`) })),
  };
  return (
    <Flex gap="3" style={{ flexWrap: 'wrap' }}>
      <TextFilter value={values.text} onChange={value => put('text', value)} />
      {chosen.map(name => (
        <FilterSelect
          key={name}
          label={t(`filter.${name}`)}
          options={options[name]}
          value={values[name]}
          onChange={value => put(name, value)}
        />
      ))}
    </Flex>
  );
}
