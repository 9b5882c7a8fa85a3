import { Flex } from '@backstage/ui';
import { serviceStates } from '@fairway/backstage-plugin-fairway-common';
import type { ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FilterSelect, optionsOf } from '../view/filter-select.tsx';
import { TextFilter } from '../view/text-filter.tsx';
import type { Filters } from '../view/use-filters.ts';

const chosen = ['owner', 'environment', 'cluster', 'state'] as const;
export const filterNames = ['text', ...chosen] as const;

interface ServiceFiltersProps {
  /** All of them, from which the choices come. */
  readonly services: readonly ServiceSummary[];
  readonly filters: Filters<(typeof filterNames)[number]>;
}

/** Narrows the page of services by name, team, environment, cluster and state. */
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
