import type { ComponentProps } from 'react';
import { serviceStates } from '@fairway/backstage-plugin-fairway-common';
import type { ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FilterBar } from '../view/filter-bar.tsx';
import { optionsOf } from '../view/filter-select.tsx';

interface ServiceFiltersProps extends Pick<ComponentProps<typeof FilterBar>, 'filters'> {
  /** All of them, from which the choices come. */
  readonly services: readonly ServiceSummary[];
}

/** Narrows the page of services. */
export function ServiceFilters({ services, filters }: ServiceFiltersProps) {
  const { t } = useFairwayText();
  const places = services.flatMap(service => service.places);
  const options = {
    owner: optionsOf(services.map(({ owner }) => owner)),
    environment: optionsOf(places.map(({ environment }) => environment)),
    cluster: optionsOf(places.map(({ cluster }) => cluster)),
    state: serviceStates.map(state => ({ value: state, label: t(`filter.${state}`) })),
  };
  return <FilterBar filters={filters} options={options} />;
}
