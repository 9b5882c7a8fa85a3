import { Flex } from '@backstage/ui';
import { serviceStates } from '@fairway/backstage-plugin-fairway-common';
import type { ServiceFilter, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FilterSelect, optionsOf } from '../view/filter-select.tsx';
import type { Filters } from '../view/use-filters.ts';

export const filterNames = ['owner', 'environment', 'cluster', 'state'] as const;

interface ServiceFiltersProps {
  /** All of them, from which the choices come. */
  readonly services: readonly ServiceSummary[];
  readonly filters: Filters<keyof ServiceFilter>;
}

/** Narrows the page of services by team, environment, cluster and state. */
export function ServiceFilters({ services, filters: { values, put } }: ServiceFiltersProps) {
  const { t } = useFairwayText();
  const places = services.flatMap(service => service.places);
  const options = {
    owner: optionsOf(services.map(({ owner }) => owner)),
    environment: optionsOf(places.map(({ environment }) => environment)),
    cluster: optionsOf(places.map(({ cluster }) => cluster)),
    state: serviceStates.map(state => ({ value: state, label: t(`filter.${state}`) })),
  };
  return (
    <Flex gap="3" style={{ flexWrap: 'wrap' }}>
      {filterNames.map(name => (
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
